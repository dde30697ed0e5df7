import { DroverApiError } from '@drover/client/errors';
import { JobDeletedError } from './job-deleted-error.ts';
import { reportError } from './report-error.ts';

/**
 * Does the same to several jobs. What the server refuses for one of them, or that it was deleted meanwhile, is told at
 * once, and the others are done all the same; the exit code says it then.
 */
export async function forEachJob(
  ids: readonly string[],
  isJson: boolean,
  act: (id: string) => Promise<void>,
): Promise<void> {
  for (const id of ids) {
    try {
      await act(id);
    } catch (error) {
      const isOfThisJob =
        error instanceof DroverApiError ? error.code !== 'UNAUTHENTICATED' : error instanceof JobDeletedError;
      if (!isOfThisJob) throw error;
      process.exitCode = reportError(error, isJson);
    }
  }
}
