import { setTimeout as delay } from 'node:timers/promises';
import type { StopSignal } from '../../job/job.ts';
import type { AttemptPaths } from '../attempt-directory.ts';
import type { AttemptHandle, Observation } from '../engine.ts';
import { takeClaim } from '../record/claim.ts';
import { type AttemptRecord, parseRecord } from '../record/grammar.ts';
import { recordClaimedAtMs, recordWrittenAtMs } from '../record/read-record.ts';
import { type ClusterWord, decideRemote, type RemoteDecision } from '../remote/decide.ts';
import type { SlurmJob } from './client/slurm-client.ts';
import { clusterWordOf, hasEnded, isWaiting } from './cluster-word.ts';
import { reasonInWords } from './reason-words.ts';
import { exists, openRecordFile, writtenAt } from './record-file.ts';
import { aliveFileOf, stopFileOf, writeStop } from './stop-file.ts';
import type { SubmitOutcome } from './submit-queue.ts';

/** What following an attempt needs of the engine. */
export interface FollowContext {
  /** Of the jobs that carry the attempt's mark, as far as Slurm was asked. */
  jobs(): readonly SlurmJob[];
  /** When the last question that Slurm has answered began, by {@link performance.now}; null while it is out of reach. */
  askedAt(): number | null;
  /** Slurm should be asked soon. */
  askSoon(): void;
  submit(): Promise<SubmitOutcome>;
  wakeSupervisor(jobId: number): Promise<void>;
  /** Ends jobs of the attempt's in Slurm that nobody needs. */
  cancel(jobIds: readonly number[]): void;
  /**
   * Ends every job of the attempt's that Slurm still has, carried on until it has none.
   *
   * @param claimant id of the one that ends by itself
   */
  discard(claimant: string | null): void;
  addressOf(node: string): string;
  report(observation: Observation): void;
  warn(message: string, cause: unknown): void;
  now(): number;
  /** How long an end line is looked for before Slurm's word is taken. */
  lookForMs: number;
}

/** An attempt from its hand-over to its end, whoever handed it over. */
export interface FollowedAttempt {
  readonly attemptId: string;
  /**
   * Gives it to Slurm for the first time.
   *
   * @param refusedFor why Slurm cannot be asked for it; null where it can
   */
  begin(refusedFor: string | null): void;
  /** Looks at its record, and decides. */
  examine(): Promise<void>;
  /** Slurm was asked: looks if that tells something new. */
  onAnswer(): void;
  stop(graceMs: number, signal?: StopSignal): void;
  reasonToWait(): string | null;
  /** Stops looking after it; resolves when nothing of it is under way. */
  close(): Promise<void>;
}

/** What was submitted again and again, and is gone each time, is given more and more time. */
const SUBMIT_AGAIN_MS = 1_000;
const LONGEST_SUBMIT_PAUSE_MS = 60_000;
/** Between two tries to wake a supervisor; it looks for itself every 5 s. */
const WAKE_AGAIN_MS = 2_000;
/** A supervisor that has not ended its driver so long after its grace is ended by Slurm, with all of the job. */
const OVERDUE_MS = 30_000;

export function followAttempt(handle: AttemptHandle, paths: AttemptPaths, context: FollowContext): FollowedAttempt {
  const { attemptId } = handle;
  const file = openRecordFile(paths.directory, paths.record);
  const stopFile = stopFileOf(paths.directory);
  const aliveFile = aliveFileOf(paths.directory);
  let record: AttemptRecord | null = null;
  let toldStarted = handle.started;
  let startedAtMs = 0;
  let isOver = false;
  let wasTold = false;
  let examining: Promise<void> | null = null;
  let isAskedAgain = false;

  let isSubmitting = false;
  let submissions = 0;
  let submittedAt = Number.NEGATIVE_INFINITY;
  /** Answers to questions that began before this say nothing of the last submission. */
  let settledAt = performance.now();
  let refusal: string | null = null;
  /** Jobs that Slurm has named in answers to submissions, with when it did. */
  const accepted = new Map<number, number>();

  let word: ClusterWord = { kind: 'unknown' };
  /** Its last word that said something: one that was interrupted by silence alone holds since then. */
  let heard: { kind: ClusterWord['kind']; since: number } = { kind: 'unknown', since: performance.now() };
  let hasOrder: boolean | null = null;
  let lastSign: string | null = null;
  let signAt = performance.now();

  let stopping: { signal: StopSignal; killAt: number } | null = null;
  let stopWritten = '';
  let wokenAt = Number.NEGATIVE_INFINITY;
  let isWoken = false;
  let cancelledAt = Number.NEGATIVE_INFINITY;

  function examine(): Promise<void> {
    if (isOver) return Promise.resolve();
    if (examining) {
      isAskedAgain = true;
      return examining;
    }
    examining = (async () => {
      do {
        isAskedAgain = false;
        try {
          await look();
        } catch (error) {
          // A full disk, a file server that is away: the next look tries again.
          context.warn(`attempt ${attemptId} could not be examined`, error);
        }
      } while (isAskedAgain && !isOver);
      examining = null;
    })();
    return examining;
  }

  async function look(): Promise<void> {
    takeWord();
    if (record === null && (word.kind === 'running' || word.kind === 'ended')) await file.forgetAbsence();
    record = (await file.read()) ?? record;
    if (isOver) return;
    takeWord();
    await lookForSigns();
    tellStarted();
    if (refusal !== null && record === null) return refuse('unschedulable', refusal);
    // Looked for when it matters: at first, and before it is given to Slurm.
    if (record === null && (hasOrder === null || word.kind === 'absent')) hasOrder = await exists(paths.order);
    if (isOver) return;
    const now = performance.now();
    const decision = decideRemote(
      {
        record,
        hadStarted: toldStarted,
        hasOrder: record !== null || hasOrder === true,
        isStopping: stopping !== null,
        cluster: word,
        clusterForMs: now - heard.since,
        quietForMs: now - signAt,
      },
      context.lookForMs,
    );
    await carryOut(decision);
  }

  function takeWord(): void {
    word = wordNow();
    if (word.kind !== 'unknown' && word.kind !== heard.kind) heard = { kind: word.kind, since: performance.now() };
  }

  function wordNow(): ClusterWord {
    const askedAt = context.askedAt();
    if (askedAt === null) return { kind: 'unknown' };
    const found = clusterWordOf(context.jobs(), record?.place?.jobId ?? null);
    if (found.kind !== 'absent') return found;
    // Of what was never given to Slurm it knows nothing, and need not be asked.
    if (isSubmitting || askedAt < settledAt) return { kind: 'unknown' };
    return found;
  }

  /** What a supervisor writes is a sign that it lives; only where somebody doubts that is it looked for. */
  async function lookForSigns(): Promise<void> {
    if (record === null || record.exitCode !== null) {
      if (record !== null) takeSign(JSON.stringify(record));
      return;
    }
    const isDoubted = word.kind === 'ended' || word.kind === 'absent' || word.kind === 'waiting';
    const alive = isDoubted ? await writtenAt(aliveFile) : null;
    takeSign(`${alive} ${JSON.stringify(record)}`);
  }

  function takeSign(sign: string): void {
    if (sign === lastSign) return;
    lastSign = sign;
    signAt = performance.now();
  }

  function tellStarted(): void {
    const driver = record?.driver;
    if (!driver || toldStarted) return;
    startedAtMs = recordClaimedAtMs(paths.record) ?? context.now();
    toldStarted = true;
    const node = record?.place?.node;
    context.report({
      kind: 'started',
      attemptId,
      driverPid: driver.pid,
      startedAtMs,
      ...(node === undefined ? {} : { node: { id: node, address: context.addressOf(node) } }),
    });
  }

  async function carryOut(decision: RemoteDecision): Promise<void> {
    switch (decision.kind) {
      case 'wait':
        if (stopping && record !== null) await pressOn();
        else if (record?.asked && record.exitCode !== null) context.askSoon();
        cancelSuperfluous();
        return;
      case 'submit':
        submitIfDue();
        return;
      case 'withdraw':
        if (takeClaim(paths.record)) finish({ kind: 'withdrawn', attemptId, reason: decision.reason });
        else yieldToClaim();
        return;
      case 'refuse':
        return refuse(decision.cause, decision.reason);
      case 'withdrawn':
        return finish({ kind: 'withdrawn', attemptId, reason: decision.reason });
      case 'ended': {
        const { exitCode, outOfMemory, startFailure, endedBy } = decision;
        const writtenMs = recordWrittenAtMs(paths.record) ?? context.now();
        return finish({
          kind: 'ended',
          attemptId,
          exitCode,
          endedAtMs: Math.max(writtenMs, startedAtMs),
          outOfMemory,
          ...(startFailure === null ? {} : { startFailure }),
          ...(endedBy === null ? {} : { endedBy }),
        });
      }
      case 'lost':
        return finish({ kind: 'lost', attemptId, atMs: context.now(), reason: decision.reason });
    }
  }

  /** The claim decides: a supervisor may have been faster, whatever Slurm says. */
  function refuse(cause: 'unschedulable' | 'cancelled', reason: string): void {
    if (takeClaim(paths.record)) finish({ kind: 'refused', attemptId, atMs: context.now(), cause, reason });
    else yieldToClaim();
  }

  /** A supervisor has the claim, also where its record cannot be seen here yet. */
  function yieldToClaim(): void {
    record ??= parseRecord('');
    isAskedAgain = true;
  }

  function submitIfDue(): void {
    if (isSubmitting) return;
    const pauseMs = submissions === 0 ? 0 : Math.min(SUBMIT_AGAIN_MS * 2 ** (submissions - 1), LONGEST_SUBMIT_PAUSE_MS);
    if (performance.now() - submittedAt < pauseMs) return;
    void submitNow();
  }

  async function submitNow(): Promise<void> {
    isSubmitting = true;
    submissions += 1;
    submittedAt = performance.now();
    const outcome = await context.submit();
    settledAt = performance.now();
    isSubmitting = false;
    if (outcome.kind === 'accepted') accepted.set(outcome.jobId, settledAt);
    if (isOver) {
      // It was withdrawn meanwhile.
      if (wasTold) context.discard(null);
      return;
    }
    if (outcome.kind === 'refused') {
      refusal = `Slurm does not take the job: ${outcome.message}`;
      void examine();
    } else if (outcome.kind === 'unanswered') {
      context.warn(`Slurm has not answered whether it took attempt ${attemptId}; it will be asked`, outcome.message);
    }
    context.askSoon();
  }

  /** Carries a stop on, until the supervisor has written the end. */
  async function pressOn(): Promise<void> {
    if (stopping === null) return;
    const now = performance.now();
    const wanted = `${stopping.signal} ${stopping.killAt}`;
    if (stopWritten !== wanted) {
      await writeStop(stopFile, stopping.signal, Math.max(0, stopping.killAt - now));
      stopWritten = wanted;
      isWoken = false;
      wokenAt = Number.NEGATIVE_INFINITY;
    }
    const jobId = Number(record?.place?.jobId);
    if (!Number.isInteger(jobId)) return;
    if (!ownJobs().includes(jobId)) return;
    if (!isWoken && now - wokenAt >= WAKE_AGAIN_MS) {
      wokenAt = now;
      void context.wakeSupervisor(jobId).then(
        () => {
          isWoken = true;
        },
        // It looks for itself; and if its job has ended, the next answer says so.
        () => context.askSoon(),
      );
    }
    if (now > stopping.killAt + OVERDUE_MS && now - cancelledAt > OVERDUE_MS) {
      cancelledAt = now;
      context.cancel([jobId]);
    }
  }

  /** Jobs of a repeated submission that wait although another has the claim. */
  function cancelSuperfluous(): void {
    const claimant = record?.place?.jobId;
    if (claimant === undefined) return;
    const superfluous = context.jobs().filter((job) => String(job.id) !== claimant && isWaiting(job));
    if (superfluous.length > 0) context.cancel(superfluous.map(({ id }) => id));
  }

  function finish(news: Observation): void {
    if (isOver) return;
    isOver = true;
    wasTold = true;
    const claimant = record?.place?.jobId;
    // A supervisor that has written the end is about to go by itself; else nobody is known to have gone.
    const isSure = news.kind === 'ended' && claimant !== undefined && submissions < 2;
    if (!isSure) context.discard(news.kind === 'ended' ? (claimant ?? null) : null);
    context.report(news);
  }

  /**
   * Ids that are the attempt's at this moment. A controller that lost what it knew gives ids away again: one counts only if it was
   * listed under the attempt's name in the last answer, or given out since.
   */
  function ownJobs(): number[] {
    const askedAt = context.askedAt();
    if (askedAt === null) return [];
    const listed = context.jobs().filter((job) => !hasEnded(job));
    const fresh = [...accepted].flatMap(([id, at]) => (at > askedAt ? [id] : []));
    return [...new Set([...listed.map(({ id }) => id), ...fresh])];
  }

  return {
    attemptId,
    begin(refusedFor) {
      refusal = refusedFor;
      if (refusal === null) void submitNow();
      else void examine();
    },
    examine,
    onAnswer() {
      const before = word.kind;
      takeWord();
      const isSettled = word.kind === before && (word.kind === 'running' ? record !== null : word.kind === 'waiting');
      if (!isSettled || stopping !== null || context.jobs().length > 1) void examine();
    },
    stop(graceMs, signal = 'SIGTERM') {
      if (isOver) return;
      const killAt = performance.now() + graceMs;
      stopping = { signal, killAt: Math.min(killAt, stopping?.killAt ?? killAt) };
      void examine();
    },
    reasonToWait() {
      if (record !== null || toldStarted) return null;
      const [job] = context.jobs().filter(isWaiting);
      if (job !== undefined) return reasonInWords(job);
      if (isSubmitting) return 'Slurm: is being submitted';
      return context.askedAt() === null ? 'Slurm has not answered whether it has the job' : null;
    },
    async close() {
      isOver = true;
      await Promise.race([examining, delay(1_000, undefined, { ref: false })]);
    },
  };
}
