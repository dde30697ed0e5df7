import { setTimeout as delay } from 'node:timers/promises';
import type { AttemptPaths } from '../attempt-directory.ts';
import type { AttemptHandle, Observation } from '../engine.ts';
import { takeClaim } from '../record/claim.ts';
import { type AttemptRecord, parseRecord } from '../record/grammar.ts';
import { recordClaimedAtMs, recordWrittenAtMs } from '../record/read-record.ts';
import { type ClusterWord, decideRemote, isForgotten, type RemoteDecision } from '../remote/decide.ts';
import { isWaiting } from './cluster-word.ts';
import type { FollowContext, FollowedAttempt } from './followed-attempt.ts';
import { createHearsay } from './hearsay.ts';
import { createPressingStop } from './press-stop.ts';
import { reasonInWords } from './reason-words.ts';
import { createRecall } from './recall.ts';
import { exists, openRecordFile, writtenAt } from './record-file.ts';
import { aliveFileOf, stopFileOf } from './stop-file.ts';
import { createSubmissions } from './submissions.ts';
import type { SubmitOutcome } from './submit-queue.ts';

export function followAttempt(handle: AttemptHandle, paths: AttemptPaths, context: FollowContext): FollowedAttempt {
  const { attemptId } = handle;
  const file = openRecordFile(paths.directory, paths.record);
  const aliveFile = aliveFileOf(paths.directory);
  let record: AttemptRecord | null = null;
  let hasOrder: boolean | null = null;
  let toldStarted = handle.started;
  let startedAtMs = 0;
  let isOver = false;
  let wasTold = false;
  let examining: Promise<void> | null = null;
  let isAskedAgain = false;
  let refusal: string | null = null;
  let declined: string | null = null;
  let lastSign: string | null = null;
  let signAt = performance.now();

  const submissions = createSubmissions(context.submit, onSubmitted);
  const { jobs, askedAt } = context;
  const hearsay = createHearsay({ jobs, askedAt, settledAt: submissions.settledAt });
  const recall = createRecall(attemptId, context.accounted);
  const stopping = createPressingStop({
    stopFile: stopFileOf(paths.directory),
    wake: context.wakeSupervisor,
    cancel: (jobId) => context.cancel([jobId]),
    askSoon: context.askSoon,
  });

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
    const before = listen().kind;
    if (record === null && (before === 'running' || before === 'ended')) await file.forgetAbsence();
    record = (await file.read()) ?? record;
    if (isOver) return;
    const word = listen();
    await lookForSigns(word);
    tellStarted();
    if (refusal !== null && record === null) return refuse('unschedulable', refusal);
    // Looked for when it matters: at first, and before it is given to Slurm.
    if (record === null && (hasOrder === null || word.kind === 'absent')) hasOrder = await exists(paths.order);
    if (isOver) return;
    const state = { record, hadStarted: toldStarted, cluster: word };
    const decision = decideRemote(
      {
        ...state,
        hasOrder: record !== null || hasOrder === true,
        isStopping: stopping.isWanted(),
        accounted: isForgotten(state) ? recall.endOf(record?.place?.jobId ?? null) : null,
        clusterForMs: hearsay.forMs(),
        quietForMs: performance.now() - signAt,
      },
      context.lookForMs,
    );
    await carryOut(decision);
  }

  function listen(): ClusterWord {
    recall.see(jobs());
    return hearsay.listen(record?.place?.jobId ?? null);
  }

  /** What a supervisor writes is a sign that it lives; only where somebody doubts that is it looked for. */
  async function lookForSigns({ kind }: ClusterWord): Promise<void> {
    if (record === null) return;
    const isDoubted = record.exitCode === null && (kind === 'ended' || kind === 'absent' || kind === 'waiting');
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
        if (stopping.isWanted() && record !== null) await stopping.press(claimantNow(record));
        else if (record?.asked && record.exitCode !== null) context.askSoon();
        cancelSuperfluous();
        return;
      case 'submit':
        submissions.submitIfDue();
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

  function onSubmitted(outcome: SubmitOutcome): void {
    if (isOver) {
      // It was withdrawn meanwhile.
      if (wasTold) context.discard(null);
      return;
    }
    declined = outcome.kind === 'declined' ? outcome.message : null;
    if (outcome.kind === 'refused') {
      refusal = `Slurm does not take the job: ${outcome.message}`;
      void examine();
    } else if (outcome.kind === 'declined') {
      context.warn(`Slurm does not take attempt ${attemptId} now; it will be tried again`, outcome.message);
    } else if (outcome.kind === 'unanswered') {
      context.warn(`Slurm has not answered whether it took attempt ${attemptId}; it will be asked`, outcome.message);
    }
    context.askSoon();
  }

  /** Id of the job that runs the supervisor; null where it may be another's by now. */
  function claimantNow({ place }: AttemptRecord): number | null {
    return submissions.liveJobs(jobs(), askedAt()).find((id) => String(id) === place?.jobId) ?? null;
  }

  /** Jobs of a repeated submission that wait although another has the claim. */
  function cancelSuperfluous(): void {
    const claimant = record?.place?.jobId;
    // What was listed before Slurm went out of reach may be somebody else's by now.
    if (claimant === undefined || askedAt() === null) return;
    const superfluous = jobs().filter((job) => String(job.id) !== claimant && isWaiting(job));
    if (superfluous.length > 0) context.cancel(superfluous.map(({ id }) => id));
  }

  function finish(news: Observation): void {
    if (isOver) return;
    isOver = true;
    wasTold = true;
    const claimant = record?.place?.jobId;
    // A supervisor that has written the end is about to go by itself; else nobody is known to have gone.
    const isSure = news.kind === 'ended' && claimant !== undefined && submissions.count() < 2;
    if (!isSure) context.discard(news.kind === 'ended' ? (claimant ?? null) : null);
    context.report(news);
  }

  return {
    attemptId,
    begin(refusedFor) {
      refusal = refusedFor;
      if (refusal === null) void submissions.submit();
      else void examine();
    },
    examine,
    onAnswer() {
      const before = hearsay.word().kind;
      const { kind } = listen();
      const isSettled = kind === before && (kind === 'running' ? record !== null : kind === 'waiting');
      if (!isSettled || stopping.isWanted() || jobs().length > 1) void examine();
    },
    stop(graceMs, signal = 'SIGTERM') {
      if (isOver) return;
      stopping.want(graceMs, signal);
      void examine();
    },
    reasonToWait() {
      if (record !== null || toldStarted) return null;
      const [job] = jobs().filter(isWaiting);
      if (job !== undefined) return reasonInWords(job);
      if (declined !== null) return `Slurm does not take the job now: ${declined}`;
      if (submissions.isUnderWay()) return 'Slurm: is being submitted';
      return askedAt() === null ? 'Slurm has not answered whether it has the job' : null;
    },
    async close() {
      isOver = true;
      await Promise.race([examining, delay(1_000, undefined, { ref: false })]);
    },
  };
}
