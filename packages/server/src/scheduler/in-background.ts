import type { Logger } from 'pino';
import { DroverError } from '../errors/drover-error.ts';

/** Runs a piece of work that nobody waits for. @param what for the log, as in "could not start a job" */
export type InBackground = (what: string, job: { id: string }, work: Promise<unknown>) => void;

/** What the work throws reaches the log, unless the server closes. */
export function createInBackground(log: Logger, closing: AbortSignal): InBackground {
  return (what, job, work) => {
    work.catch((error: unknown) => {
      if (closing.aborted) return;
      if (error instanceof DroverError && error.code === 'SHUTTING_DOWN') return;
      log.error({ jobId: job.id, err: error }, `could not ${what}`);
    });
  };
}
