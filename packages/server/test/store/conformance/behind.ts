import type { JobPosition } from '../../../src/store/job-sort.ts';
import type { JobPage } from '../../../src/store/store.ts';

/** The part of a query that asks for the page behind this one; of the first page where it is null. */
export function behind(page: JobPage | null): { after?: JobPosition } {
  return page === null || page.next === null ? {} : { after: page.next };
}
