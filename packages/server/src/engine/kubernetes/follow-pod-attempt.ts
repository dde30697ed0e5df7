import type { StopSignal } from '../../job/job.ts';
import type { AttemptPaths } from '../attempt-directory.ts';
import type { AttemptHandle, Observation } from '../engine.ts';
import { giveUpClaim, takeClaim } from '../record/claim.ts';
import { type AttemptRecord, OUT_OF_MEMORY_LINE } from '../record/grammar.ts';
import { keepWhatItSaid } from '../record/keep-what-it-said.ts';
import { readRecord, recordClaimedAtMs, recordWrittenAtMs } from '../record/read-record.ts';
import { decideRemote, type RemoteDecision } from '../remote/decide.ts';
import type { PodWork } from './attempt-file.ts';
import { type ClusterView, claimant, clusterWord, isClaimIdle, waitingWords, whyNever } from './cluster-word.ts';
import { appendDurably, endLine, readMoments } from './door/record-lines.ts';
import { isOver } from './pod-state.ts';
import { createPodStop } from './pod-stop.ts';
import type { OutputRescue } from './rescue-output.ts';
import type { Submission } from './submission.ts';

/** What following an attempt needs of the engine. */
export interface PodFollowContext {
  nowMs(): number;
  view(): ClusterView;
  submission: Submission | null;
  /** Tells the attempt's pod, whenever it asks. */
  commands: { stop(signal: StopSignal, killAtMs: number): void; finish(): void; isListening(): boolean };
  /** Has Kubernetes end what runs of it. */
  endPods(graceMs: number): void;
  nodeAddress(name: string): string;
  /** How long a pod that says that it can never begin is believed to be wrong. */
  startPatienceMs: number;
  /** For what of the output did not come by itself. */
  outputRescue: OutputRescue;
  /** Keeps the log within its limit, before its end is told. */
  capLog(): Promise<void>;
  /** Tells the news. Nothing follows one that is not `started`. */
  report(observation: Observation): void;
  warn(message: string, cause: unknown): void;
}

/** An attempt from its hand-over to its end, whoever handed it over. */
export interface FollowedPodAttempt {
  readonly handle: AttemptHandle;
  readonly paths: AttemptPaths;
  /** Looks at its record and at what the cluster shows of it. */
  examine(): void;
  /** Its pod was heard of. */
  onWord(): void;
  /** The container of its driver is gone, all output is here, and nobody who could bring more news is left. */
  onDelivered(): void;
  stop(graceMs: number, signal?: StopSignal): void;
  /** Ends it without a driver, since its order can never be carried out. */
  refuse(reason: string): void;
  /** Why it has not begun, as a sentence; null where it has. */
  reasonToWait(): string | null;
  close(): void;
}

/** An end by SIGKILL that nobody here sent: so long the cluster may take to say that memory ran out. */
const ASK_FOR_MEMORY_MS = 5000;
const SIGKILL_CODE = 137;
const SIGNALLED_FROM = 128;
/** A pod whose containers are gone may have a courier elsewhere on its node: it is silent when nothing was heard for so long. */
const SILENT_AFTER_MS = 5000;

export function followPodAttempt(
  handle: AttemptHandle,
  paths: AttemptPaths,
  work: PodWork | null,
  context: PodFollowContext,
): FollowedPodAttempt {
  const { attemptId } = handle;
  const { submission, commands, outputRescue } = context;
  const stop = createPodStop(context);
  const beganAt = performance.now();
  let record: AttemptRecord | null = null;
  let toldStarted = handle.started;
  let phase: 'following' | 'ending' | 'over' = 'following';
  let heardAt = beganAt;
  let word = { kind: '', sinceMs: beganAt };
  let hopelessSinceMs: number | null = null;
  let endSeenAt: number | null = null;
  let wasDelivered = false;

  /** Whatever fails here (a full disk, too many open files) is tried again by the next sweep. */
  function examine(): void {
    if (phase !== 'following') return;
    try {
      record = keepWhatItSaid(readRecord(paths.record), record);
      tellStarted();
      if (record?.place != null && record.exitCode === null) stop.endIfDeaf(heardAt);
      const view = context.view();
      if (!endIfHopeless(view)) carryOut(decide(view), view);
    } catch (error) {
      context.warn(`attempt ${attemptId} could not be examined`, error);
    }
  }

  function decide(view: ClusterView): RemoteDecision {
    const now = performance.now();
    const cluster = clusterWord(record, view);
    if (cluster.kind !== word.kind) word = { kind: cluster.kind, sinceMs: now };
    const pod = claimant(record, view.pods);
    // With the courier gone too nothing more comes: it goes only when its news have arrived.
    const isSilent =
      pod !== null && isOver(pod) && !commands.isListening() && now - Math.max(heardAt, beganAt) >= SILENT_AFTER_MS;
    const isAllSaid = isSilent || wasDelivered;
    return decideRemote({
      record,
      hadStarted: handle.started,
      hasOrder: work !== null,
      isStopping: stop.isWanted(),
      cluster,
      clusterForMs: isAllSaid ? Number.POSITIVE_INFINITY : now - word.sinceMs,
      quietForMs: isAllSaid ? Number.POSITIVE_INFINITY : now - heardAt,
    });
  }

  function tellStarted(): void {
    const driver = record?.driver;
    if (!driver || toldStarted) return;
    toldStarted = true;
    const startedAtMs = readMoments(paths.record).startedAtMs ?? recordClaimedAtMs(paths.record) ?? context.nowMs();
    const node = record?.place?.node;
    const where = node === undefined ? {} : { node: { id: node, address: context.nodeAddress(node) } };
    context.report({ kind: 'started', attemptId, driverPid: driver.pid, startedAtMs, ...where });
  }

  /** Where nothing can come of it: says so instead of trying for ever. */
  function endIfHopeless(view: ClusterView): boolean {
    if (record !== null) {
      if (record.exitCode !== null || !isClaimIdle(record, view)) return false;
      giveUpClaim(paths.record);
      end({ kind: 'withdrawn', attemptId, reason: 'its pod was ended before the driver began' });
      return true;
    }
    if (stop.isWanted() || handle.started) return false;
    const now = performance.now();
    const isHopeless = whyNever(view, Number.POSITIVE_INFINITY, 0) !== null;
    hopelessSinceMs = isHopeless ? (hopelessSinceMs ?? now) : null;
    const why = submission?.refusal() ?? whyNever(view, now - (hopelessSinceMs ?? now), context.startPatienceMs);
    if (why === null) return false;
    refuse(why);
    return true;
  }

  function carryOut(decision: RemoteDecision, view: ClusterView): void {
    switch (decision.kind) {
      case 'wait':
        if (word.kind === 'ended') commands.finish();
        return;
      case 'submit':
        submission?.send();
        return;
      case 'withdraw':
        if (takeClaim(paths.record)) end({ kind: 'withdrawn', attemptId, reason: decision.reason });
        else record = readRecord(paths.record);
        return;
      case 'refuse':
        refuse(decision.reason, decision.cause);
        return;
      case 'withdrawn':
        end({ kind: 'withdrawn', attemptId, reason: decision.reason });
        return;
      case 'ended':
        if (!isOutputComing(view)) takeEnd(decision, view);
        return;
      case 'lost':
        end({ kind: 'lost', attemptId, atMs: context.nowMs(), reason: decision.reason });
    }
  }

  /** Ends it without a driver, for what another try would not mend. */
  function refuse(reason: string, cause: 'unschedulable' | 'cancelled' = 'unschedulable'): void {
    if (takeClaim(paths.record)) end({ kind: 'refused', attemptId, atMs: context.nowMs(), cause, reason });
    else record = readRecord(paths.record);
  }

  /** Where the cluster alone knows the end, it may also be what has the end of the output. */
  function isOutputComing(view: ClusterView): boolean {
    const pod = claimant(record, view.pods);
    if (record?.exitCode != null || wasDelivered || pod?.driver.kind !== 'terminated') return false;
    return outputRescue.isUnderWay(pod);
  }

  function takeEnd(decision: RemoteDecision & { kind: 'ended' }, view: ClusterView): void {
    const pod = claimant(record, view.pods);
    const driver = pod?.driver;
    const isKnown = driver?.kind === 'terminated';
    endSeenAt ??= performance.now();
    const mayHaveMore = decision.exitCode === SIGKILL_CODE && handle.resources.memoryBytes > 0 && !stop.isWanted();
    if (mayHaveMore && !decision.outOfMemory && !isKnown && performance.now() - endSeenAt < ASK_FOR_MEMORY_MS) return;
    const outOfMemory = decision.outOfMemory || (isKnown && driver.reason === 'OOMKilled');
    // What the cluster alone knows is on the disk before the cluster is told to forget it.
    if (record?.exitCode == null) {
      const lines = `${outOfMemory ? OUT_OF_MEMORY_LINE : ''}${endLine(decision.exitCode, context.nowMs())}`;
      appendDurably(paths.record, lines);
    } else if (outOfMemory && !record.outOfMemory) {
      appendDurably(paths.record, OUT_OF_MEMORY_LINE);
    }
    const isCancelled = pod?.isDeleted === true && !stop.isWanted() && decision.exitCode > SIGNALLED_FROM;
    const { startedAtMs, endedAtMs } = readMoments(paths.record);
    const endedAt = endedAtMs ?? recordWrittenAtMs(paths.record) ?? context.nowMs();
    end({
      kind: 'ended',
      attemptId,
      exitCode: decision.exitCode,
      endedAtMs: Math.max(endedAt, startedAtMs ?? 0),
      outOfMemory,
      ...(decision.startFailure === null ? {} : { startFailure: decision.startFailure }),
      ...(isCancelled ? { endedBy: { cause: 'cancelled', message: 'Kubernetes: its pod was deleted' } } : {}),
    });
  }

  function end(news: Observation): void {
    phase = 'ending';
    void context.capLog().then(() => {
      if (phase !== 'ending') return;
      phase = 'over';
      context.report(news);
    });
  }

  return {
    handle,
    paths,
    examine,
    onWord() {
      heardAt = performance.now();
    },
    onDelivered() {
      wasDelivered = true;
      examine();
    },
    stop(graceMs, signal = 'SIGTERM') {
      if (phase !== 'following') return;
      stop.ask(graceMs, signal);
      examine();
    },
    refuse: (reason) => refuse(reason),
    reasonToWait() {
      if (phase !== 'following' || record !== null || toldStarted) return null;
      const words = submission?.trouble() ?? waitingWords(context.view());
      return words === null ? null : `Kubernetes: ${words}`;
    },
    close() {
      phase = 'over';
    },
  };
}
