import { hasEnded } from './cluster-word.ts';
import type { JobList } from './job-list.ts';

/** Attempts that are over and may still have jobs in Slurm, which are ended. */
export interface DiscardedJobs {
  /** @param claimant id of a job that ends by itself */
  add(attemptId: string, claimant: string | null): void;
  /** Slurm has said which jobs there are. */
  onAnswer(): void;
  isEmpty(): boolean;
}

/**
 * Only what Slurm has just listed under an attempt's name is ended: a controller that lost what it knew may have given the id that the
 * attempt's job once had to somebody else's.
 */
export function createDiscardedJobs(
  jobList: Pick<JobList, 'jobsOf' | 'askedAt' | 'wake'>,
  cancel: (jobIds: readonly number[]) => void,
): DiscardedJobs {
  const discarded = new Map<string, { claimant: string | null; since: number }>();
  return {
    add(attemptId, claimant) {
      discarded.set(attemptId, { claimant, since: performance.now() });
      jobList.wake();
    },

    onAnswer() {
      const askedAt = jobList.askedAt();
      if (askedAt === null) return;
      for (const [attemptId, { claimant, since }] of discarded) {
        const left = jobList.jobsOf(attemptId).filter((job) => !hasEnded(job) && String(job.id) !== claimant);
        if (left.length > 0) cancel(left.map(({ id }) => id));
        else if (askedAt > since) discarded.delete(attemptId);
      }
    },

    isEmpty: () => discarded.size === 0,
  };
}
