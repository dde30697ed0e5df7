import type { DroverClient } from '@drover/client';
import { DroverApiError } from '@drover/client/errors';
import type { Job } from '@drover/client/job';
import { createProgress, type Progress } from './display/progress.ts';
import { onInterrupt } from './interrupt.ts';
import { JobDeletedError } from './job-deleted-error.ts';
import { copyOutput } from './job-output.ts';

/**
 * Writes the job's output as it comes, shows why it waits, and resolves with the job when both have ended.
 * Ctrl-C leaves the job running.
 *
 * @throws {JobDeletedError} where the job was deleted meanwhile, after its output was written to the end.
 */
export async function followJob(
  client: DroverClient,
  id: string,
  options: { tail?: number | undefined; first?: Job; isSilent: boolean; comeBack: string },
): Promise<Job> {
  const progress = createProgress({ showsOutput: true, isSilent: options.isSilent });
  const release = onInterrupt({ clear: progress.clear, comeBack: options.comeBack });
  const abort = new AbortController();
  const { signal } = abort;
  if (options.first !== undefined && process.stderr.isTTY) progress.update(options.first);
  try {
    const output = copyOutput(client, id, { follow: true, tail: options.tail, signal, onOutput: progress.clear });
    const ended = waitForEnd(client, id, { ...options, progress, signal }).catch(async (error) => {
      // The output of a job that was deleted can still be read to its end.
      if (error instanceof JobDeletedError) await output;
      throw error;
    });
    const [job] = await Promise.all([ended, output]);
    return job;
  } finally {
    abort.abort();
    progress.clear();
    release();
  }
}

/**
 * Resolves with the job when it has ended, or as it is at the timeout. Ctrl-C leaves the job running.
 *
 * @throws {JobDeletedError} where the job was deleted meanwhile.
 */
export async function awaitJob(
  client: DroverClient,
  id: string,
  options: { timeoutMs?: number | undefined; first?: Job | undefined; isSilent: boolean; comeBack: string },
): Promise<Job> {
  const progress = createProgress({ showsOutput: false, isSilent: options.isSilent });
  const release = onInterrupt({ clear: progress.clear, comeBack: options.comeBack });
  if (options.first !== undefined && process.stderr.isTTY) progress.update(options.first);
  try {
    return await waitForEnd(client, id, { ...options, progress });
  } finally {
    progress.clear();
    release();
  }
}

/** @throws {JobDeletedError} where the job was there at first. */
async function waitForEnd(
  client: DroverClient,
  id: string,
  options: {
    timeoutMs?: number | undefined;
    first?: Job | undefined;
    progress: Progress;
    signal?: AbortSignal | undefined;
  },
): Promise<Job> {
  const { timeoutMs, first, progress, signal } = options;
  let wasThere = first !== undefined;
  const onUpdate = (job: Job) => {
    wasThere = true;
    progress.update(job);
  };
  try {
    return await client.wait(id, { timeoutMs, signal, onUpdate });
  } catch (error) {
    const isUnknown = error instanceof DroverApiError && error.code === 'JOB_NOT_FOUND';
    throw isUnknown && wasThere ? new JobDeletedError(id) : error;
  }
}
