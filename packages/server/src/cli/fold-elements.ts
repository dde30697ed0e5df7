import { DroverApiError } from '@drover/client/errors';
import type { Job } from '@drover/client/job';

/** Jobs of the next page of a list, as they are shown. */
export type ElementFold = (jobs: readonly Job[]) => Promise<Job[]>;

/**
 * Shows an array once, where its newest element stands or it does itself, and none of its elements. An element whose array is
 * gone stays, and so does a copy of one.
 */
export function createElementFold(get: (id: string) => Promise<Job>): ElementFold {
  /** By id; false for those that are gone. */
  const arrays = new Map<string, boolean>();

  async function fold(job: Job): Promise<Job | null> {
    if (arrays.get(job.id) === true) return null;
    if (job.array !== null) arrays.set(job.id, true);
    const { element } = job;
    if (element === null || job.id !== `${element.array}:${element.index}`) return job;
    const isShown = arrays.get(element.array);
    if (isShown !== undefined) return isShown ? null : job;
    const array = await find(element.array);
    arrays.set(element.array, array !== null);
    return array ?? job;
  }

  async function find(id: string): Promise<Job | null> {
    try {
      return await get(id);
    } catch (error) {
      if (error instanceof DroverApiError && error.code === 'JOB_NOT_FOUND') return null;
      throw error;
    }
  }

  return async (jobs) => {
    const shown: Job[] = [];
    for (const job of jobs) {
      const folded = await fold(job);
      if (folded !== null) shown.push(folded);
    }
    return shown;
  };
}
