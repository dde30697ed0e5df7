import type { AttemptRecord } from '../record/grammar.ts';
import { startFailureOf } from '../record/start-failure.ts';

/** What a cluster says of the job that stands for an attempt there. */
export type ClusterWord =
  /** Nothing can be said: the cluster is out of reach, or has not answered since the attempt was given to it. */
  | { kind: 'unknown' }
  /** The cluster has answered, and has no such job (any more). */
  | { kind: 'absent' }
  /** It has not begun. `stuck`: and will not without somebody's help. */
  | { kind: 'waiting'; stuck: boolean }
  | { kind: 'running' }
  | ClusterEnd;

export interface ClusterEnd {
  kind: 'ended';
  /** Of the supervisor, as a shell reports it; null where the cluster has none, or none that can be trusted. */
  exitCode: number | null;
  /**
   * `itself`: nobody ended it. `failed`: the cluster could not run it on, or at all. The others: somebody or a limit has ended it,
   * from outside of Drover.
   */
  cause: 'itself' | 'time_limit' | 'cancelled' | 'out_of_memory' | 'failed';
  /** The cluster's words for it, as a part of a sentence, such as `Slurm: node failure (NodeDown)`. */
  words: string;
  /** Whether it was given a node before. Absent where that is not told. */
  hadNode?: boolean;
}

/** What is known of an attempt whose processes run on another machine. */
export interface RemoteFound {
  /** Null where nobody has claimed it. */
  record: AttemptRecord | null;
  /** Whether its driver is known to have begun, whatever its record says now. */
  hadStarted: boolean;
  /** Whether its files are there, from which a supervisor could run it. */
  hasOrder: boolean;
  /** Whether it is to be ended. */
  isStopping: boolean;
  cluster: ClusterWord;
  /** How it ended by the cluster's books, in which more stands than it remembers. Asked for only where {@link isForgotten}. */
  accounted?: ClusterEnd | null;
  /** For how long the cluster's word has been of this kind. */
  clusterForMs: number;
  /** For how long nothing was seen of a supervisor, neither a line nor a sign of life; 0 where that is not known. */
  quietForMs: number;
}

export type RemoteDecision =
  | { kind: 'wait' }
  /** Give it to the cluster, for the first time or again: harmless, since the claim can be taken once. */
  | { kind: 'submit' }
  /** Take the claim: if that succeeds, no driver was started, and none will be. */
  | { kind: 'withdraw'; reason: string }
  /** Take the claim: if that succeeds, somebody at the cluster has ended the attempt before its driver began. */
  | { kind: 'refuse'; cause: 'cancelled'; reason: string }
  | { kind: 'withdrawn'; reason: string }
  | {
      kind: 'ended';
      exitCode: number;
      startFailure: string | null;
      outOfMemory: boolean;
      /** The cluster ended it, and not the driver itself. */
      endedBy: { cause: 'time_limit' | 'cancelled'; message: string } | null;
    }
  | { kind: 'lost'; reason: string };

/** Network file systems show what other machines wrote as late as this, and supervisors give signs of life far more often. */
export const LOOK_FOR_MS = 90_000;

/** Where a supervisor was asked to end and nobody here asked: the cluster is given so long to say why. */
export const ASK_WHY_FOR_MS = 15_000;

/**
 * The table of recovery for attempts whose liveness is the cluster's word, in the order of its rows: the first that applies.
 *
 * @param lookForMs how long an end line is looked for before the cluster's word is taken
 */
export function decideRemote(found: RemoteFound, lookForMs = LOOK_FOR_MS): RemoteDecision {
  const { record } = found;
  const hadStarted = found.hadStarted || record?.driver != null;
  if (record?.exitCode != null) return decideEndLine(found, record, record.exitCode, hadStarted);
  if (record?.withdrawn && !hadStarted) {
    return { kind: 'withdrawn', reason: 'it was withdrawn before its driver began' };
  }
  if (record === null && !hadStarted) return decideUnclaimed(found);

  const cluster = (found.cluster.kind === 'absent' && found.accounted) || found.cluster;
  if (cluster.kind === 'unknown' || cluster.kind === 'running') return { kind: 'wait' };
  const clusterEnd = cluster.kind === 'ended' ? cluster : null;
  // What the driver left behind has been ended by the cluster, unless that lost sight of the node.
  const isOver = clusterEnd !== null && clusterEnd.cause !== 'failed' && record?.exited != null;
  // Also where it is queued once more although its driver ran: another one will not be started, and what ran may still run.
  if (!isOver && Math.min(found.clusterForMs, found.quietForMs) < lookForMs) return { kind: 'wait' };
  const exitCode = record?.exited ?? clusterEnd?.exitCode ?? null;
  if (exitCode !== null) return endOf(exitCode, record, clusterEnd);
  return { kind: 'lost', reason: whyLost(cluster) };
}

function whyLost(cluster: ClusterEnd | { kind: 'absent' | 'waiting' }): string {
  switch (cluster.kind) {
    case 'ended':
      return `nobody saw how the driver ended (${cluster.words})`;
    case 'absent':
      return 'the cluster no longer knows the job, and nobody saw how the driver ended';
    case 'waiting':
      return 'the cluster queued the job again, and nobody saw how the driver ended';
  }
}

/** Whether a supervisor had the attempt, has not told its end, and the cluster no longer knows of it: only its books may. */
export function isForgotten(found: Pick<RemoteFound, 'record' | 'hadStarted' | 'cluster'>): boolean {
  const { record, hadStarted, cluster } = found;
  if (cluster.kind !== 'absent') return false;
  return record === null ? hadStarted : record.exitCode === null && (hadStarted || !record.withdrawn);
}

function decideEndLine(
  found: RemoteFound,
  record: AttemptRecord,
  exitCode: number,
  hadStarted: boolean,
): RemoteDecision {
  const { cluster } = found;
  const isAskedFromOutside = record.asked && !found.isStopping;
  if (
    isAskedFromOutside &&
    cluster.kind !== 'ended' &&
    cluster.kind !== 'absent' &&
    found.quietForMs < ASK_WHY_FOR_MS
  ) {
    return { kind: 'wait' };
  }
  const said = isAskedFromOutside && cluster.kind === 'ended' ? cluster : null;
  return { ...endOf(exitCode, record, said), startFailure: startFailureOf(record, hadStarted) };
}

function endOf(
  exitCode: number,
  record: AttemptRecord | null,
  cluster: ClusterEnd | null,
): RemoteDecision & { kind: 'ended' } {
  const cause = cluster?.cause;
  return {
    kind: 'ended',
    exitCode,
    startFailure: null,
    outOfMemory: record?.outOfMemory === true || cluster?.cause === 'out_of_memory',
    endedBy: cause === 'time_limit' || cause === 'cancelled' ? { cause, message: cluster?.words ?? '' } : null,
  };
}

function decideUnclaimed({ hasOrder, isStopping, cluster, clusterForMs }: RemoteFound): RemoteDecision {
  if (isStopping) return { kind: 'withdraw', reason: 'it was stopped before its driver began' };
  if (!hasOrder) return { kind: 'withdraw', reason: "the attempt's files were removed before the driver began" };
  switch (cluster.kind) {
    case 'unknown':
    case 'running':
      return { kind: 'wait' };
    case 'waiting':
      if (!cluster.stuck) return { kind: 'wait' };
      return { kind: 'withdraw', reason: 'the cluster holds the job back after a failed start' };
    case 'absent':
      return { kind: 'submit' };
    case 'ended':
      // Of a job on a node it says the same where that could not begin it: its prolog failed, say.
      if (cluster.cause === 'cancelled' && !cluster.hadNode) {
        return { kind: 'refuse', cause: 'cancelled', reason: cluster.words };
      }
      // Its claim may not be seen here yet; who takes one asks the file system's own server, so this is only patience.
      if (clusterForMs < UNCLAIMED_END_MS) return { kind: 'wait' };
      return { kind: 'withdraw', reason: `its driver did not begin (${cluster.words})` };
  }
}

const UNCLAIMED_END_MS = 1_000;
