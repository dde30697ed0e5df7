import { droverError } from '../errors/drover-error.ts';
import type { Job } from '../job/job.ts';
import type { JobStore } from '../store/store.ts';
import type { Submission } from './service.ts';
import { canonicalJson, submissionDigest } from './submission-digest.ts';

/** A job that a submit stands for: `isReplay` where an earlier one has made it. */
export interface SubmittedJob {
  job: Job;
  isReplay: boolean;
}

type Store = Pick<JobStore, 'insert' | 'insertOnce' | 'get'>;

/**
 * Stores a job once for its idempotency key.
 *
 * @throws `IDEMPOTENCY_CONFLICT`, `IDEMPOTENCY_JOB_DELETED`, `JOB_EXISTS`
 */
export async function submitByKey(store: Store, job: Job, submission: Submission, key: string): Promise<SubmittedJob> {
  const digest = submissionDigest(submission);
  const result = await store.insertOnce(job, { tenant: job.tenant, key, digest, createdAtMs: job.submittedAtMs });
  switch (result.outcome) {
    case 'inserted':
      return { job: result.job, isReplay: false };
    case 'id_taken':
      throw droverError('JOB_EXISTS', { id: job.id });
    case 'known':
      if (result.digest !== digest) throw droverError('IDEMPOTENCY_CONFLICT', { id: result.jobId });
      if (result.job === null) throw droverError('IDEMPOTENCY_JOB_DELETED', { id: result.jobId });
      return { job: result.job, isReplay: true };
  }
}

/**
 * Stores a job once for the id that its client chose: one that is there and asks for the same is the same.
 *
 * @throws `JOB_EXISTS` where it asks for something else
 */
export async function submitById(store: Store, job: Job): Promise<SubmittedJob> {
  for (;;) {
    const inserted = await store.insert(job);
    if (inserted !== null) return { job: inserted, isReplay: false };
    const present = await store.get(job.id);
    if (present !== null) {
      if (!asksForTheSame(present, job)) throw droverError('JOB_EXISTS', { id: job.id });
      return { job: present, isReplay: true };
    }
    // It was deleted between the two looks: the id is free again.
  }
}

/** Whether two jobs would be the same, had they come once. A request that is sent again is as a rule another span of its trace. */
export function asksForTheSame(a: Job, b: Job): boolean {
  const asked = ({ spec: { traceParent: _, ...rest } }: Job) => canonicalJson(rest);
  return a.tenant === b.tenant && a.door === b.door && asked(a) === asked(b);
}
