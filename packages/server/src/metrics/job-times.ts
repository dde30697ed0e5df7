import { Histogram, type Registry } from 'prom-client';
import { isElement } from '../job/array.ts';
import type { JobEvent } from '../job/event.ts';
import type { Attempt, Job } from '../job/job.ts';
import { JOB_SECONDS, LAUNCH_SECONDS } from './buckets.ts';

/** Measures how long jobs wait, and attempts start and run; answers what is to hear of every commit. */
export function createJobTimes(registry: Registry): (job: Job, event: JobEvent | null) => void {
  const registers = [registry];
  const wait = new Histogram({
    name: 'drover_job_queue_wait_seconds',
    help: 'Time from a submit to the start of its first driver',
    ...{ buckets: JOB_SECONDS, registers },
  });
  const launch = new Histogram({
    name: 'drover_attempt_launch_seconds',
    help: 'Time from the hand-over of an attempt to the start of its driver',
    ...{ buckets: LAUNCH_SECONDS, registers },
  });
  const run = new Histogram({
    name: 'drover_attempt_run_seconds',
    help: 'Time from the start of a driver to the end of its attempt, by what it ended with',
    ...{ labelNames: ['status'], buckets: JOB_SECONDS, registers },
  });

  function ran(attempt: Attempt | null, endedAtMs: number, status: string): void {
    const startedAtMs = attempt?.startedAtMs ?? null;
    if (startedAtMs !== null) run.observe({ status }, secondsBetween(startedAtMs, endedAtMs));
  }

  function started(job: Job, event: JobEvent): void {
    const { attempt, submittedAtMs } = job;
    const startedAtMs = attempt?.startedAtMs ?? event.atMs;
    if (attempt !== null) launch.observe(secondsBetween(attempt.handedOverAtMs, startedAtMs));
    // An element is there since its turn came: the array has waited for all of them, and starts with the first.
    if ((attempt?.number ?? 1) === 1 && !isElement(job)) wait.observe(secondsBetween(submittedAtMs, startedAtMs));
  }

  return (job, event) => {
    if (event?.type === 'started') started(job, event);
    const { retry, end, endedAtMs } = job;
    if (event?.type === 'retrying' && retry !== null)
      ran(retry.last.attempt, retry.last.endedAtMs, retry.last.end.status);
    if (event?.type === 'ended' && end !== null) ran(job.attempt, endedAtMs ?? event.atMs, end.status);
  };
}

/** A clock that was set back, and one that counts in ticks, make no time negative. */
function secondsBetween(fromMs: number, toMs: number): number {
  return Math.max(0, toMs - fromMs) / 1_000;
}
