import type { JobArray } from '@drover/client/array';
import { hasEnded, type Job } from '@drover/client/job';

/** `37 of 100 ended, 2 failed, 4 running, 59 waiting`: what there is none of is left out. Null for a job that is no array. */
export function describeArray(job: Job): string | null {
  const { array } = job;
  if (array === null) return null;
  const parts: [number, string][] = [
    [array.failed, 'failed'],
    [array.stopped, 'stopped'],
    [array.running, 'running'],
    [array.waiting, hasEnded(job) ? 'never started' : 'waiting'],
  ];
  const told = parts.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
  return [`${endedElements(array)} of ${array.size} ended`, ...told].join(', ');
}

/** In whatever way. */
export function endedElements({ succeeded, failed, stopped }: JobArray): number {
  return succeeded + failed + stopped;
}
