import type { Job, StopCause, StopIntention } from '../job/job.ts';
import type { Alarms } from '../timing/alarms.ts';

export interface TimeLimitsOptions {
  alarms: Alarms;
  now: () => number;
  /** Commits the decision to end the job; whoever hears of that commit carries it out. */
  requestStop(jobId: string, stop: StopIntention): void;
}

/** Ends jobs that take too long. */
export interface TimeLimits {
  /** The job waits: its time in the queue is counted from the submit. */
  watchWaiting(job: Job): void;
  /** The driver runs: its time is counted from its start. */
  watchRunning(job: Job): void;
  /** Neither waits nor runs: nothing is counted. */
  forget(jobId: string): void;
}

/** An engine that is followed again looks at its records within this time. */
const FIND_OUT_MS = 10_000;

export function createTimeLimits({ alarms, now, requestStop }: TimeLimitsOptions): TimeLimits {
  function stopAt(job: Job, atMs: number, cause: StopCause, reason: string): void {
    const { stopGraceMs: graceMs, stopSignal: signal } = job.spec;
    alarms.set(`limit:${job.id}`, atMs, () => {
      const stop = { cause, limitAtMs: atMs, requestedAtMs: now(), reason, graceMs };
      requestStop(job.id, signal === undefined ? stop : { ...stop, signal });
    });
  }

  return {
    watchWaiting(job) {
      const { queueMs } = job.spec.timeLimits ?? {};
      if (queueMs === undefined || job.retry !== null) return;
      const reason = `the job has waited ${queueMs / 1000} s for its turn, which is its limit`;
      const limitMs = job.submittedAtMs + queueMs;
      // Handed over by a server before this one: its driver may have begun in time, which its engine tells soon.
      const atMs = job.attempt === null ? limitMs : Math.max(limitMs, now() + FIND_OUT_MS);
      stopAt(job, atMs, 'queue_limit', reason);
    },

    watchRunning(job) {
      const { runMs } = job.spec.timeLimits ?? {};
      const startedAtMs = job.attempt?.startedAtMs ?? null;
      if (runMs === undefined || startedAtMs === null) return;
      const reason = `the driver has run for ${runMs / 1000} s, which is its limit`;
      stopAt(job, startedAtMs + runMs, 'run_limit', reason);
    },

    forget: (jobId) => alarms.clear(`limit:${jobId}`),
  };
}
