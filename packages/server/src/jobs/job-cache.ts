import { createAskedBefore } from '../caching/asked-before.ts';
import { createRecentMap } from '../caching/recent-map.ts';
import type { Job } from '../job/job.ts';

/** A bounded set of jobs as they are on disk, the least recently used leave first. */
export interface JobCache {
  get(id: string): Job | undefined;
  /** Keeps a job, unless it is the first time in a while that it is asked for. */
  add(job: Job): void;
  /** Replaces the entry of a job that has changed; nothing happens where there is none. */
  refresh(job: Job): void;
  remove(id: string): void;
}

/** Larger jobs are read from the store each time, so that a few of them cannot fill the memory. */
const MAX_CACHED_CHARS = 8 * 1024;

export function createJobCache(maxJobs: number): JobCache {
  const jobs = createRecentMap<Job>(maxJobs / 4);
  const wasAskedBefore = createAskedBefore();

  return {
    get: jobs.get,

    add(job) {
      if (!wasAskedBefore(job.seq) || sizeOf(job) > MAX_CACHED_CHARS) return;
      jobs.set(job.id, job);
      const oldest = jobs.oldest();
      if (jobs.size > maxJobs && oldest !== undefined) jobs.delete(oldest.key);
    },

    refresh: (job) => jobs.replace(job.id, job),
    remove: jobs.delete,
  };
}

function sizeOf(job: Job): number {
  return job.spec.entrypoint.length + JSON.stringify([job.spec.runtimeEnv, job.spec.metadata]).length;
}
