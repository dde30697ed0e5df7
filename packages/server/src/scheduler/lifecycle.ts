import { setTimeout as delay } from 'node:timers/promises';
import { EnvironmentFailure } from '../environment/environment.ts';
import type { JobEnd } from '../job/end.ts';
import type { Job, StopIntention } from '../job/job.ts';
import { retryDelay } from '../timing/backoff.ts';
import { newAttemptId } from './attempt-id.ts';
import { environmentEnd, STOPPED_END } from './conclusion.ts';
import { createEndings, type EndingsOptions } from './endings.ts';
import { engineNamed } from './engines.ts';
import { environmentRequest } from './environment-request.ts';
import type { SchedulerOptions } from './options.ts';
import type { RuleBook } from './rules/rule-book.ts';
import { type StartOutcome, startAttempt } from './start-attempt.ts';
import type { TrackedJob } from './tracked-job.ts';

export interface LifecycleOptions extends SchedulerOptions, EndingsOptions {
  rules: RuleBook;
  /** Aborts when the server closes. */
  closing: AbortSignal;
  /** Resources or a job became free: it is time for another round of decisions. */
  onChange(): void;
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
  const { engines, preparer, log, now, rules, persist, byAttempt, closing } = options;
  const { conclude, dropAttempt } = createEndings(options);

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

  async function withdraw(entry: TrackedJob, reason: string): Promise<void> {
    if (entry.attemptId === null) throw new Error(`job ${entry.id} has no attempt to withdraw`);
    await persist(entry.id, { type: 'withdraw', atMs: now(), attemptId: entry.attemptId, reason });
    entry.stage = 'starting';
    await dropAttempt(entry);
    if (entry.stopGraceMs === null) await waitLater(entry, reason);
    else await conclude(entry, STOPPED_END, now());
  }

  return { prepare, wait, start, adopt, stop, conclude, withdraw };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
