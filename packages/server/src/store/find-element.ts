import { elementNamed, elementToCome } from '../job/element-to-come.ts';
import type { Job } from '../job/job.ts';

/**
 * The job of that id, which the store has no row of: an element of an array whose turn has not come is there all the same. Null where it is none.
 *
 * @param get the row of a job
 */
export async function findElementToCome(get: (id: string) => Promise<Job | null>, id: string): Promise<Job | null> {
  const named = elementNamed(id);
  const array = named === null ? null : await get(named.arrayId);
  if (named === null || array === null) return null;
  // It may have become a job since its row was looked for.
  return elementToCome(array, named.index) ?? get(id);
}

/** The job of that id as others see it: its row, or an element whose turn has not come. */
export async function getWithElements(get: (id: string) => Promise<Job | null>, id: string): Promise<Job | null> {
  return (await get(id)) ?? findElementToCome(get, id);
}
