import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Engine, Observation } from '../engine/engine.ts';
import { EnvironmentFailure, type EnvironmentPreparer } from '../environment/environment.ts';
import { DroverError } from '../errors/drover-error.ts';
import type { JobEnd } from '../job/end.ts';
import type { JobEvent } from '../job/event.ts';
import type { Job } from '../job/job.ts';
import type { PendingReason } from '../job/pending-reason.ts';
import type { ResourceRequest } from '../job/resources.ts';
import type { JobStore } from '../store/store.ts';
import { removeAttemptFolder } from './attempt-folders.ts';
import { newAttemptId } from './attempt-id.ts';
import { measureLog } from './attempt-log-size.ts';
import { endOf, environmentEnd, STOPPED_END, unschedulableEnd } from './conclusion.ts';
import { demandOf } from './demand.ts';
import { createLedger } from './ledger.ts';
import { createPersist } from './persist.ts';
import { type Refusal, refusalOf } from './refusal.ts';
import { type StartOutcome, startAttempt } from './start-attempt.ts';
import { type TrackedJob, trackJob } from './tracked-job.ts';

export interface SchedulerOptions {
  store: JobStore;
  engine: Engine;
  preparer: EnvironmentPreparer;
  attemptsDir: string;
  node: { id: string; address: string };
  /** How many drivers run at once. */
  maxRunning: number;
  /** After the machine failed an effect (no space, say), the job is tried again after this time. */
  retryDelayMs: number;
  now: () => number;
  log: Logger;
}

/** Decides which waiting job starts next, and follows each to its end. The only one that talks to the engine. */
export interface Scheduler {
  /** Takes up every job that has not ended. Call once, before the first submit. */
  recover(): Promise<{ adopted: number; waiting: number }>;
  /** News from the engine. */
  observe(observation: Observation): void;
  /** What of a request no state of the engine could ever meet. */
  refusalOf(request: ResourceRequest): Refusal | null;
  /** Why a PENDING job waits; null for any other. */
  pendingReason(job: Job): PendingReason | null;
  /** Attempts that may have processes, or soon will: their files are needed. */
  activeAttempts(): ReadonlySet<string>;
  /** Stops deciding. Drivers go on; jobs that wait are found again by the next server. */
  close(): Promise<void>;
}

const RECOVERY_PAGE = 1_000;

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { store, engine, preparer, attemptsDir, log, now } = options;
  const capacity = engine.capacity();
  const ledger = createLedger(capacity, options.maxRunning);
  const tracked = new Map<string, TrackedJob>();
  const byAttempt = new Map<string, TrackedJob>();
  const closing = new AbortController();
  const persist = createPersist(store, log, closing.signal);
  let isRoundDue = false;

  /** Runs a piece of work that nobody waits for; what it throws while the server goes on reaches the log. */
  function inBackground(what: string, job: { id: string }, work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (closing.signal.aborted) return;
      if (error instanceof DroverError && error.code === 'SHUTTING_DOWN') return;
      log.error({ jobId: job.id, err: error }, `could not ${what}`);
    });
  }

  /** Several ends and submits of one moment share one round of decisions, and so one commit. */
  function decideSoon(): void {
    if (isRoundDue) return;
    isRoundDue = true;
    setImmediate(() => {
      isRoundDue = false;
      if (closing.signal.aborted) return;
      for (const { job, gpus } of ledger.admitNext()) {
        const entry = tracked.get(job.id);
        if (entry === undefined) throw new Error(`job ${job.id} waits but is not tracked`);
        inBackground('start a job', entry, start(entry, gpus));
      }
    });
  }

  function enlist(job: Job): TrackedJob {
    const entry = trackJob({ id: job.id, seq: job.seq, demand: demandOf(job.spec.resources) });
    tracked.set(job.id, entry);
    if (job.attempt !== null) {
      adopt(entry, job);
    } else if (job.stop !== null) {
      // Stopped before it was handed over, by a server that died before it could say so.
      inBackground('end a stopped job', entry, conclude(entry, STOPPED_END, now()));
    } else {
      const refusal = refusalOf(capacity, job.spec.resources);
      if (refusal !== null) {
        inBackground('end a job', entry, conclude(entry, unschedulableEnd(refusal), now()));
      } else if (preparer.needsSharedPart(job.spec.runtimeEnv)) {
        inBackground('prepare a job', entry, prepare(entry, job));
      } else {
        wait(entry);
      }
    }
    return entry;
  }

  function wait(entry: TrackedJob): void {
    entry.stage = 'waiting';
    ledger.addWaiting(entry);
    decideSoon();
  }

  async function waitLater(entry: TrackedJob, reason: string): Promise<void> {
    entry.stage = 'delayed';
    entry.delayReason = reason;
    entry.abort = new AbortController();
    const signal = AbortSignal.any([entry.abort.signal, closing.signal]);
    // Both a stop and the end of the server cut the delay short; a stop is looked at below.
    await delay(options.retryDelayMs, undefined, { signal, ref: false }).catch(() => undefined);
    if (closing.signal.aborted) return;
    if (entry.stopGraceMs === null) wait(entry);
    else await conclude(entry, STOPPED_END, now());
  }

  function adopt(entry: TrackedJob, job: Job): void {
    const { attempt } = job;
    if (attempt === null) return;
    entry.stage = 'handed_over';
    entry.attemptId = attempt.id;
    entry.gpus = attempt.gpus;
    entry.isWithEngine = true;
    byAttempt.set(attempt.id, entry);
    ledger.occupy(entry.demand, entry.gpus);
    engine.follow({
      attemptId: attempt.id,
      jobId: job.id,
      bootId: attempt.bootId,
      started: job.status === 'RUNNING',
      resources: job.spec.resources,
      graceMs: job.spec.stopGraceMs,
    });
    if (job.stop !== null) {
      const remainingMs = job.stop.graceMs - Math.max(0, now() - job.stop.requestedAtMs);
      entry.stopGraceMs = Math.max(0, remainingMs);
      engine.stop(attempt.id, entry.stopGraceMs);
    }
  }

  async function prepare(entry: TrackedJob, job: Job): Promise<void> {
    entry.stage = 'preparing';
    entry.abort = new AbortController();
    try {
      await preparer.prepareShared(job.spec.runtimeEnv, AbortSignal.any([entry.abort.signal, closing.signal]));
    } catch (error) {
      if (closing.signal.aborted) return;
      if (entry.stopGraceMs !== null) return conclude(entry, STOPPED_END, now());
      if (error instanceof EnvironmentFailure) return conclude(entry, environmentEnd(error.message), now());
      log.error({ jobId: job.id, err: error }, 'could not prepare an environment; trying again');
      await waitLater(entry, describe(error));
      return;
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
    const signal = AbortSignal.any([entry.abort.signal, closing.signal]);
    let outcome: StartOutcome;
    try {
      outcome = await startAttempt({ ...options, persist }, { jobId: entry.id, attemptId, gpus, signal });
    } catch (error) {
      if (closing.signal.aborted) return;
      log.error({ jobId: entry.id, err: error }, 'could not start an attempt; trying again');
      await dropAttempt(entry);
      return waitLater(entry, describe(error));
    }
    if (closing.signal.aborted) return;
    switch (outcome.kind) {
      case 'with_engine':
        entry.isWithEngine = true;
        if (entry.stopGraceMs !== null) engine.stop(attemptId, entry.stopGraceMs);
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

  /** Ends a job: on disk first, then its resources go to the next. */
  async function conclude(entry: TrackedJob, end: JobEnd, atMs: number): Promise<void> {
    const isHandedOver = entry.stage === 'handed_over';
    const attemptId = isHandedOver ? entry.attemptId : null;
    const logBytes = attemptId === null ? 0 : await measureLog(attemptsDir, attemptId);
    await persist(entry.id, { type: 'end', atMs, attemptId, end, logBytes });
    tracked.delete(entry.id);
    if (isHandedOver) release(entry);
    else await dropAttempt(entry);
  }

  /** Gives up an attempt that never started a driver; the job waits for another, or ends where it was stopped. */
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
    await removeAttemptFolder(attemptsDir, attemptId);
    release(entry);
  }

  function release(entry: TrackedJob): void {
    if (entry.attemptId === null) return;
    byAttempt.delete(entry.attemptId);
    ledger.release(entry.demand, entry.gpus);
    entry.attemptId = null;
    entry.isWithEngine = false;
    entry.gpus = [];
    decideSoon();
  }

  function onCommitted(job: Job, event: JobEvent | null): void {
    if (event === null) return;
    if (event.type === 'submitted') {
      if (!closing.signal.aborted) enlist(job);
      return;
    }
    const entry = tracked.get(job.id);
    if (entry === undefined) return;
    if (event.type === 'handed_over') entry.stage = 'handed_over';
    if (event.type === 'stop_requested' && job.stop !== null) stop(entry, job.stop.graceMs);
  }

  function stop(entry: TrackedJob, graceMs: number): void {
    entry.stopGraceMs = graceMs;
    if (entry.isWithEngine && entry.attemptId !== null) {
      engine.stop(entry.attemptId, graceMs);
    } else if (entry.stage === 'waiting') {
      ledger.removeWaiting(entry);
      inBackground('end a stopped job', entry, conclude(entry, STOPPED_END, now()));
    } else {
      // Preparing, delayed or starting: the work in progress ends and looks at the stop itself.
      entry.abort.abort();
    }
  }

  const stopListening = store.onCommitted(onCommitted);

  return {
    async recover() {
      let adopted = 0;
      let seq = 0;
      for (;;) {
        const jobs = await store.listUnfinished(seq, RECOVERY_PAGE);
        for (const job of jobs) {
          seq = job.seq;
          enlist(job);
          if (job.attempt !== null) adopted += 1;
        }
        if (jobs.length < RECOVERY_PAGE) return { adopted, waiting: tracked.size - adopted };
      }
    },

    observe(observation) {
      const entry = byAttempt.get(observation.attemptId);
      if (entry === undefined) {
        log.debug({ observation }, 'news of an attempt that has ended');
        return;
      }
      switch (observation.kind) {
        case 'started': {
          const { attemptId, driverPid, startedAtMs } = observation;
          const change = { type: 'started', atMs: now(), attemptId, driverPid, startedAtMs } as const;
          inBackground(
            'record a start',
            entry,
            persist(entry.id, change).then(() => undefined),
          );
          return;
        }
        case 'ended':
        case 'lost': {
          const atMs = observation.kind === 'ended' ? observation.endedAtMs : observation.atMs;
          inBackground('record an end', entry, conclude(entry, endOf(observation), atMs));
          return;
        }
        case 'withdrawn':
          inBackground('withdraw an attempt', entry, withdraw(entry, observation.reason));
      }
    },

    refusalOf: (request) => refusalOf(capacity, request),

    pendingReason(job) {
      if (job.status !== 'PENDING') return null;
      const entry = tracked.get(job.id);
      if (job.stop !== null) return { code: 'STOPPING', message: 'is being stopped', jobsAhead: null };
      if (entry?.stage === 'waiting') return ledger.reasonToWait(entry);
      if (entry?.stage === 'preparing') {
        return { code: 'PREPARING_ENVIRONMENT', message: 'its environment is being prepared', jobsAhead: null };
      }
      if (entry?.stage === 'delayed') {
        const message = `is tried again soon, since the machine failed: ${entry.delayReason}`;
        return { code: 'ENGINE_UNAVAILABLE', message, jobsAhead: null };
      }
      return { code: 'STARTING', message: 'is about to start', jobsAhead: null };
    },

    activeAttempts: () => new Set(byAttempt.keys()),

    async close() {
      stopListening();
      closing.abort();
    },
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
