import type { ClusterEnd } from '../remote/decide.ts';
import { accountedEndOf } from './accounted-end.ts';
import type { SlurmJob } from './client/slurm-client.ts';
import { jobNameOf } from './job-name.ts';

/** What is remembered of an attempt's jobs, so that accounting can be asked for them when Slurm no longer lists them. */
export interface Recall {
  /** Takes in what Slurm lists. */
  see(jobs: readonly SlurmJob[]): void;
  /**
   * How the attempt ended by accounting's books; null where they do not say, or were not asked yet.
   *
   * @param claimant id of the job whose supervisor has the claim, where it is known
   */
  endOf(claimant: string | null): ClusterEnd | null;
}

/** @param accounted what accounting has of jobs by now; asking for them is its business */
export function createRecall(attemptId: string, accounted: (ids: readonly number[]) => readonly SlurmJob[]): Recall {
  const name = jobNameOf(attemptId);
  const submittedAt = new Map<number, Set<number>>();
  return {
    see(jobs) {
      for (const job of jobs) {
        const times = submittedAt.get(job.id) ?? new Set();
        submittedAt.set(job.id, times.add(job.submittedAt));
      }
    },

    endOf(claimant) {
      const ids = claimant === null ? [...submittedAt.keys()] : [Number(claimant)].filter(Number.isSafeInteger);
      return ids.length === 0 ? null : accountedEndOf(accounted(ids), { name, ids, submittedAt });
    },
  };
}
