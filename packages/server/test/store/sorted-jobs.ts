import type { Job } from '../../src/job/job.ts';
import { type JobPosition, type JobSort, positionOf, sortKeyOf } from '../../src/store/job-sort.ts';

/** What the sorts mean, over a list in memory: the jobs that such a list holds, in its order. */
export function sortJobs(jobs: readonly Job[], sort: JobSort): Job[] {
  const key = sortKeyOf(sort);
  const direction = sort.startsWith('-') ? -1 : 1;
  return jobs
    .filter(({ endedAtMs }) => key !== 'ended_at' || endedAtMs !== null)
    .map((job) => ({ job, place: positionOf(job, key) }))
    .sort((a, b) => direction * comparePositions(a.place, b.place))
    .map(({ job }) => job);
}

/** Whether a sorted list shows the job behind this place. */
export function isBehind(job: Job, place: JobPosition, sort: JobSort): boolean {
  const order = comparePositions(positionOf(job, place.key), place);
  return sort.startsWith('-') ? order < 0 : order > 0;
}

function comparePositions(a: JobPosition, b: JobPosition): number {
  if (a.key === 'id' && b.key === 'id') return Buffer.compare(Buffer.from(a.id), Buffer.from(b.id));
  if (a.key === 'ended_at' && b.key === 'ended_at') return a.endedAtMs - b.endedAtMs || a.seq - b.seq;
  if (a.key === 'submitted_at' && b.key === 'submitted_at') return a.seq - b.seq;
  throw new Error(`${a.key} and ${b.key} cannot be compared`);
}
