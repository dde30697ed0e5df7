import type { Job } from '../job/job.ts';

/**
 * What a list compares: `submitted_at` the order in which submits were stored (whatever the clock said), `ended_at` the time
 * of the end (jobs that have not ended are left out; at the same time the order of the submits decides), `id` the id's
 * bytes in UTF-8.
 */
export type JobSortKey = 'submitted_at' | 'ended_at' | 'id';

/** With a minus the greatest comes first. */
export type JobSort = JobSortKey | `-${JobSortKey}`;

export const JOB_SORTS: readonly JobSort[] = ['-submitted_at', 'submitted_at', '-ended_at', 'ended_at', 'id', '-id'];

/** Newest first. */
export const DEFAULT_SORT: JobSort = '-submitted_at';

/** A place in a sorted list: what its key compares. */
export type JobPosition =
  | { key: 'submitted_at'; seq: number }
  | { key: 'ended_at'; endedAtMs: number; seq: number }
  | { key: 'id'; id: string };

export function sortKeyOf(sort: JobSort): JobSortKey {
  switch (sort) {
    case 'submitted_at':
    case '-submitted_at':
      return 'submitted_at';
    case 'ended_at':
    case '-ended_at':
      return 'ended_at';
    case 'id':
    case '-id':
      return 'id';
  }
}

export function isDescending(sort: JobSort): boolean {
  return sort.startsWith('-');
}

/** @throws {Error} for a job that has not ended where the end is the key: no such list holds it. */
export function positionOf({ seq, id, endedAtMs }: Job, key: JobSortKey): JobPosition {
  if (key === 'submitted_at') return { key, seq };
  if (key === 'id') return { key, id };
  if (endedAtMs === null) throw new Error(`job ${id} has not ended and has no place among those that have`);
  return { key, endedAtMs, seq };
}
