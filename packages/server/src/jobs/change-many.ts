import { DroverError } from '../errors/drover-error.ts';
import type { Job } from '../job/job.ts';
import type { JobStatus } from '../job/status.ts';
import type { JobPosition } from '../store/job-sort.ts';
import type { JobFilter, JobPage } from '../store/store.ts';
import { retrySubmission } from './retry-submission.ts';
import type { JobService } from './service.ts';

/** What can be done to many jobs at once. */
export type BulkAction = 'stop' | 'delete' | 'retry';

export interface BulkOptions {
  /** For a stop; absent: the jobs' own. */
  graceMs?: number;
  /** Nothing is changed, only counted. Default false. */
  isDryRun?: boolean;
}

export interface BulkResult {
  /** Jobs that were stopped, deleted or submitted again. */
  done: number;
  /** Jobs that matched, and had changed when their turn came: there was nothing to do any more. */
  skipped: number;
  /** Jobs that cannot be submitted again as they are, such as for what the machine no longer has. */
  refused: number;
  /** Of those that are done, newest first, and of the new jobs for a retry that is no dry run; at most {@link MAX_IDS}. */
  ids: string[];
  /** False where it was broken off; the same request goes on with the rest. */
  isComplete: boolean;
}

const PAGE = 100;
const MAX_IDS = 1_000;

/** Whom an action means where the filter names no status. A retry means jobs that failed, not those that somebody has stopped. */
const MEANT: Readonly<Record<BulkAction, readonly JobStatus[]>> = {
  stop: ['PENDING', 'RUNNING'],
  delete: ['SUCCEEDED', 'FAILED', 'STOPPED'],
  retry: ['FAILED'],
};

const POSSIBLE: Readonly<Record<BulkAction, readonly JobStatus[]>> = {
  ...MEANT,
  retry: ['SUCCEEDED', 'FAILED', 'STOPPED'],
};

/**
 * Stops, deletes or retries every job that the filter matches now, newest first, page by page: a page's writes share a commit, and
 * others have their turn between two pages. Jobs that are submitted meanwhile are not met.
 */
export async function changeMany(
  service: JobService,
  action: BulkAction,
  filter: JobFilter,
  options: BulkOptions,
  signal: AbortSignal,
): Promise<BulkResult> {
  const statuses = (filter.statuses ?? MEANT[action]).filter((status) => POSSIBLE[action].includes(status));
  const result: BulkResult = { done: 0, skipped: 0, refused: 0, ids: [], isComplete: true };
  if (statuses.length === 0) return result;
  let next: JobPosition | null = null;
  do {
    if (signal.aborted) return { ...result, isComplete: false };
    const after = next === null ? {} : { after: next };
    const page: JobPage = await service.list({ filter: { ...filter, statuses }, limit: PAGE, ...after }, signal);
    const outcomes = await Promise.all(page.jobs.map((job) => changeOne(service, action, job, options)));
    for (const { outcome, id } of outcomes) {
      result[outcome] += 1;
      if (outcome === 'done' && result.ids.length < MAX_IDS) result.ids.push(id);
    }
    next = page.next;
  } while (next !== null);
  return result;
}

async function changeOne(
  service: JobService,
  action: BulkAction,
  job: Job,
  options: BulkOptions,
): Promise<{ outcome: 'done' | 'skipped' | 'refused'; id: string }> {
  const { id } = job;
  if (options.isDryRun && action !== 'retry') return { outcome: 'done', id };
  switch (action) {
    case 'stop':
      return { outcome: (await service.stop(id, options)) === 'stopping' ? 'done' : 'skipped', id };
    case 'delete':
      return { outcome: (await service.delete(id)) === 'deleted' ? 'done' : 'skipped', id };
    case 'retry':
      try {
        const copy = retrySubmission(job);
        if (!options.isDryRun) return { outcome: 'done', id: (await service.submit(copy)).id };
        await service.preview(copy);
        return { outcome: 'done', id };
      } catch (error) {
        if (!(error instanceof DroverError) || error.entry.status >= 500) throw error;
        return { outcome: 'refused', id };
      }
  }
}
