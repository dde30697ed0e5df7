import { createAskedBefore } from '../caching/asked-before.ts';
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
  // A Map keeps the order of insertion: the first key is the one that was used longest ago.
  const jobs = new Map<string, Job>();
  const wasAskedBefore = createAskedBefore();

  return {
    get(id) {
      const job = jobs.get(id);
      if (job === undefined) return undefined;
      jobs.delete(id);
      jobs.set(id, job);
      return job;
    },

    add(job) {
      if (!wasAskedBefore(job.seq) || sizeOf(job) > MAX_CACHED_CHARS) return;
      jobs.delete(job.id);
      jobs.set(job.id, job);
      if (jobs.size > maxJobs) {
        const [oldest] = jobs.keys();
        if (oldest !== undefined) jobs.delete(oldest);
      }
    },

    refresh(job) {
      if (jobs.has(job.id)) jobs.set(job.id, job);
    },

    remove(id) {
      jobs.delete(id);
    },
  };
}

function sizeOf(job: Job): number {
  return job.spec.entrypoint.length + JSON.stringify([job.spec.runtimeEnv, job.spec.metadata]).length;
}
