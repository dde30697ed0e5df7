import type { ClusterEnd } from '../remote/decide.ts';
import type { SlurmJob } from './client/slurm-client.ts';
import { clusterWordOf, isNotOurs } from './cluster-word.ts';

/** What is known of an attempt's job that the controller has forgotten. */
export interface ForgottenJob {
  name: string;
  /** The claimant's alone where somebody has the claim. */
  ids: readonly number[];
  /** With when each was submitted, by the controller's clock, as far as Slurm has listed them. */
  submittedAt: ReadonlyMap<number, ReadonlySet<number>>;
}

/**
 * How an attempt ended by what accounting has of its job; null where that says nothing for sure: it has no such job, has not seen its
 * end, or has several that may be meant, since an id that was given away again can have come back to the same attempt.
 */
export function accountedEndOf(rows: readonly SlurmJob[], job: ForgottenJob): ClusterEnd | null {
  const meant = rows.filter((row) => {
    const times = job.submittedAt.get(row.id);
    const isThen = times === undefined || row.submittedAt === 0 || times.has(row.submittedAt);
    return job.ids.includes(row.id) && row.name === job.name && isThen && !isNotOurs(row);
  });
  if (meant.length !== 1) return null;
  const word = clusterWordOf(meant, null);
  return word.kind === 'ended' ? word : null;
}
