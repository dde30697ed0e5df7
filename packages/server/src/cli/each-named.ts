import { DroverApiError } from '@drover/client/errors';
import { JobDeletedError } from './job-deleted-error.ts';
import { reportError } from './report-error.ts';

/**
 * Does the same to several jobs, queues or tenants. What the server refuses for one of them, or that a job was deleted meanwhile,
 * is told at once, and the others are done all the same; the exit code says it then.
 */
export async function forEachNamed(
  names: readonly string[],
  isJson: boolean,
  act: (name: string) => Promise<void>,
): Promise<void> {
  for (const name of names) {
    try {
      await act(name);
    } catch (error) {
      const isOfThisOne =
        error instanceof DroverApiError ? error.code !== 'UNAUTHENTICATED' : error instanceof JobDeletedError;
      if (!isOfThisOne) throw error;
      process.exitCode = reportError(error, isJson);
    }
  }
}
