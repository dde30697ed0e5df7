import { droverError } from '../errors/drover-error.ts';
import type { Job } from '../job/job.ts';
import type { Submission } from './service.ts';

/**
 * A job can wait only for jobs that are there. So they form no cycle: each was there before those that wait for it.
 *
 * @throws `UNKNOWN_DEPENDENCY`, `DEPENDENCY_CYCLE`
 */
export async function checkDependencies(
  { id, after = [] }: Submission,
  get: (id: string) => Promise<Job | null>,
): Promise<void> {
  for (const { jobId } of after) {
    if (jobId === id) throw droverError('DEPENDENCY_CYCLE', { id });
    if ((await get(jobId)) === null) throw droverError('UNKNOWN_DEPENDENCY', { id: jobId });
  }
}
