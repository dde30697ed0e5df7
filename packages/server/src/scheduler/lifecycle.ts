import { setTimeout as delay } from 'node:timers/promises';
import { EnvironmentFailure } from '../environment/environment.ts';
import type { JobEnd } from '../job/end.ts';
import type { Job, StopIntention } from '../job/job.ts';
import { decideRetry } from '../job/retry.ts';
import { decidingStop, stoppedEnd } from '../job/transition.ts';
import { retryDelay } from '../timing/backoff.ts';
import { removeAttemptFolder } from './attempt-folders.ts';
import { newAttemptId } from './attempt-id.ts';
import { measureLog } from './attempt-log-size.ts';
import { environmentEnd, STOPPED_END } from './conclusion.ts';
import { engineNamed } from './engines.ts';
import { environmentRequest } from './environment-request.ts';
import type { SchedulerOptions } from './options.ts';
import type { Persist } from './persist.ts';
import type { RuleBook } from './rules/rule-book.ts';
import { type StartOutcome, startAttempt } from './start-attempt.ts';
import type { TrackedJob } from './tracked-job.ts';

export interface LifecycleOptions extends SchedulerOptions {
  rules: RuleBook;
  persist: Persist;
  /** Attempts that have their folder, by id. */
  byAttempt: Map<string, TrackedJob>;
  /** Aborts when the server closes. */
  closing: AbortSignal;
  /** Resources or a job became free: it is time for another round of decisions. */
  onChange(): void;
  /** The job has ended on disk. */
  onEnded(entry: TrackedJob): void;
  /** Its attempt has ended on disk, and the job is to be tried again. */
  onRetry(entry: TrackedJob, job: Job): void;
}

/** What is done with one job after another, each step on its own. Steps reject only where the server closes or a fault is found. */
export interface Lifecycle {
  /** Makes what the job shares with others, then lets it wait. */
  prepare(entry: TrackedJob, job: Job): Promise<void>;
  /** Lets the job wait for its turn. */
  wait(entry: TrackedJob): void;
  /** Starts an attempt with the resources that the job was given. */
  start(entry: TrackedJob, gpus: readonly string[]): Promise<void>;
  /** Takes up an attempt that was handed over by a server before this one. */
  adopt(entry: TrackedJob, job: Job): void;
  /** Carries out a stop that is on disk. */
  stop(entry: TrackedJob, intention: StopIntention): Promise<void>;
  /** Ends the job: on disk first, then its resources go to the next. */
  conclude(entry: TrackedJob, end: JobEnd, atMs: number): Promise<void>;
  /** Gives up an attempt that never started a driver; the job waits for another, or ends where it was stopped. */
  withdraw(entry: TrackedJob, reason: string): Promise<void>;
}

export function createLifecycle(options: LifecycleOptions): Lifecycle {
  const { engines, preparer, attemptsDir, log, now, rules, persist, byAttempt, closing } = options;

  const engineOf = ({ demand }: TrackedJob) => engineNamed(engines, demand.engine);

  function wait(entry: TrackedJob): void {
    entry.stage = 'waiting';
    rules.apply({ type: 'waiting', job: entry });
    options.onChange();
  }

  /** After the machine failed an effect (no space, say): tries again, later each time. */
  async function waitLater(entry: TrackedJob, reason: string): Promise<void> {
    entry.stage = 'delayed';
    entry.delayReason = reason;
    entry.failures += 1;
    entry.abort = new AbortController();
    const signal = AbortSignal.any([entry.abort.signal, closing]);
    const delayMs = retryDelay(options.retryDelayMs, entry.failures);
    // Both a stop and the end of the server cut the delay short; a stop is looked at below.
    await delay(delayMs, undefined, { signal, ref: false }).catch(() => undefined);
    if (closing.aborted) return;
    if (entry.stopGraceMs === null) wait(entry);
    else await conclude(entry, STOPPED_END, now());
  }

  async function prepare(entry: TrackedJob, job: Job): Promise<void> {
    entry.stage = 'preparing';
    entry.abort = new AbortController();
    try {
      const signal = AbortSignal.any([entry.abort.signal, closing]);
      await preparer.prepareShared(environmentRequest(job, engineOf(entry)), signal);
    } catch (error) {
      if (closing.aborted) return;
      if (entry.stopGraceMs !== null) return conclude(entry, STOPPED_END, now());
      if (error instanceof EnvironmentFailure) return conclude(entry, environmentEnd(error.message), now());
      log.error({ jobId: job.id, err: error }, 'could not prepare an environment; trying again');
      return waitLater(entry, describe(error));
    }
    if (entry.stopGraceMs === null) wait(entry);
    else await conclude(entry, STOPPED_END, now());
  }

  async function start(entry: TrackedJob, gpus: readonly string[]): Promise<void> {
    const attemptId = newAttemptId();
    entry.stage = 'starting';
    entry.attemptId = attemptId;
    entry.gpus = gpus;
    entry.abort = new AbortController();
    byAttempt.set(attemptId, entry);
    const signal = AbortSignal.any([entry.abort.signal, closing]);
    let outcome: StartOutcome;
    try {
      outcome = await startAttempt(options, { jobId: entry.id, attemptId, gpus, signal });
    } catch (error) {
      if (closing.aborted) return;
      log.error({ jobId: entry.id, err: error }, 'could not start an attempt; trying again');
      await dropAttempt(entry);
      return waitLater(entry, describe(error));
    }
    if (closing.aborted) return;
    switch (outcome.kind) {
      case 'with_engine':
        entry.isWithEngine = true;
        entry.workBytes = outcome.workBytes;
        if (entry.stopGraceMs !== null) engineOf(entry).stop(attemptId, entry.stopGraceMs, entry.stopSignal);
        return;
      case 'not_wanted':
        return conclude(entry, STOPPED_END, now());
      case 'environment_failed':
        return conclude(entry, environmentEnd(outcome.message), now());
      case 'engine_failed':
        log.error({ jobId: entry.id, err: outcome.error }, 'the engine could not take an attempt; trying again');
        return withdraw(entry, describe(outcome.error));
    }
  }

  function adopt(entry: TrackedJob, job: Job): void {
    const { attempt, spec, stop } = job;
    if (attempt === null) throw new Error(`job ${job.id} has no attempt to adopt`);
    entry.stage = 'handed_over';
    entry.attemptId = attempt.id;
    entry.gpus = attempt.gpus;
    entry.isWithEngine = true;
    entry.workBytes = attempt.workBytes;
    byAttempt.set(attempt.id, entry);
    const startedAtMs = attempt.startedAtMs ?? attempt.handedOverAtMs;
    rules.apply({ type: 'adopted', job: entry, gpus: entry.gpus, atMs: now(), startedAtMs });
    const engine = engineOf(entry);
    engine.follow({
      attemptId: attempt.id,
      jobId: job.id,
      bootId: attempt.bootId,
      started: job.status === 'RUNNING',
      resources: spec.resources,
      graceMs: spec.stopGraceMs,
    });
    if (stop === null) return;
    entry.stopGraceMs = Math.max(0, stop.graceMs - Math.max(0, now() - stop.requestedAtMs));
    entry.stopSignal = stop.signal ?? 'SIGTERM';
    entry.stopCause = stop.cause ?? 'request';
    entry.limitAtMs = stop.limitAtMs;
    engine.stop(attempt.id, entry.stopGraceMs, entry.stopSignal);
  }

  async function stop(
    entry: TrackedJob,
    { graceMs, signal = 'SIGTERM', cause = 'request', limitAtMs }: StopIntention,
  ): Promise<void> {
    entry.stopGraceMs = graceMs;
    entry.stopSignal = signal;
    entry.stopCause = cause;
    entry.limitAtMs = limitAtMs;
    if (entry.isWithEngine && entry.attemptId !== null) {
      engineOf(entry).stop(entry.attemptId, graceMs, signal);
    } else if (entry.stage === 'waiting') {
      rules.apply({ type: 'left', jobId: entry.id });
      await conclude(entry, STOPPED_END, now());
    } else if (entry.stage === 'backing_off' || entry.stage === 'held') {
      await conclude(entry, STOPPED_END, now());
    } else {
      // Preparing, delayed or starting: the work in progress ends and looks at the stop itself.
      entry.abort.abort();
    }
  }

  async function conclude(entry: TrackedJob, end: JobEnd, atMs: number): Promise<void> {
    const isHandedOver = entry.stage === 'handed_over';
    const attemptId = isHandedOver ? entry.attemptId : null;
    const logBytes = attemptId === null ? 0 : entry.workBytes + (await logBytesOf(attemptId));
    const again = entry.stopCause === 'request' ? null : retryAfter(entry, end, atMs);
    const change = { atMs, attemptId, end, logBytes };
    const written = await persist(
      entry.id,
      again === null ? { type: 'end', ...change } : { type: 'retry', ...change, notBeforeMs: now() + again.delayMs },
    );
    // A stop that was requested meanwhile has made an end of it.
    const isRetried = written?.outcome === 'changed' && written.job.status === 'PENDING';
    if (isRetried) backOff(entry);
    else options.onEnded(entry);
    if (isHandedOver) release(entry);
    else await dropAttempt(entry);
    if (isRetried && entry.stopCause === null) options.onRetry(entry, written.job);
  }

  /** From here on a stop is one of the attempt to come. */
  function backOff(entry: TrackedJob): void {
    entry.stage = 'backing_off';
    entry.stopGraceMs = null;
    entry.stopCause = null;
    entry.limitAtMs = undefined;
    entry.retriesMade += 1;
    entry.failures = 0;
  }

  /** A limit that was reached decides what the attempt has failed of. */
  function retryAfter(entry: TrackedJob, end: JobEnd, atMs: number): { delayMs: number } | null {
    const { retry, retriesMade } = entry;
    const stopCause = decidingStop(entry, atMs)?.stopCause ?? null;
    if (stopCause === 'queue_limit') return null;
    const found = stopCause === null ? end : stoppedEnd({ cause: stopCause, reason: '' }, end);
    return decideRetry(retry, retriesMade, found, options.random());
  }

  /** A log that cannot be measured must not keep its job from ending. */
  async function logBytesOf(attemptId: string): Promise<number> {
    try {
      return await measureLog(attemptsDir, attemptId);
    } catch (error) {
      log.warn({ attemptId, err: error }, 'the size of a log is not known, and retention does not count it');
      return 0;
    }
  }

  async function withdraw(entry: TrackedJob, reason: string): Promise<void> {
    if (entry.attemptId === null) throw new Error(`job ${entry.id} has no attempt to withdraw`);
    await persist(entry.id, { type: 'withdraw', atMs: now(), attemptId: entry.attemptId, reason });
    entry.stage = 'starting';
    await dropAttempt(entry);
    if (entry.stopGraceMs === null) await waitLater(entry, reason);
    else await conclude(entry, STOPPED_END, now());
  }

  /** Frees what an attempt held that no row knows any more, and removes its files. */
  async function dropAttempt(entry: TrackedJob): Promise<void> {
    const { attemptId } = entry;
    if (attemptId === null) return;
    try {
      await removeAttemptFolder(attemptsDir, attemptId);
    } catch (error) {
      log.warn({ attemptId, err: error }, 'could not remove the folder of an attempt; the next start tries again');
    } finally {
      release(entry);
    }
  }

  function release(entry: TrackedJob): void {
    if (entry.attemptId === null) return;
    byAttempt.delete(entry.attemptId);
    rules.apply({ type: 'released', jobId: entry.id, atMs: now() });
    entry.attemptId = null;
    entry.isWithEngine = false;
    entry.gpus = [];
    entry.workBytes = 0;
    options.onChange();
  }

  return { prepare, wait, start, adopt, stop, conclude, withdraw };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
