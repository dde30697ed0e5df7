import { DroverApiError } from '@drover/client/errors';
import { reportError } from './report-error.ts';

/**
 * Does the same to several jobs. What the server refuses for one of them is told at once, and the others are done
 * all the same; the exit code says it then.
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
      if (!(error instanceof DroverApiError) || error.code === 'UNAUTHENTICATED') throw error;
      process.exitCode = reportError(error, isJson);
    }
  }
}
