import type { DroverClient } from '@drover/client';
import type { Job } from '@drover/client/job';
import { createProgress } from './display/progress.ts';
import { onInterrupt } from './interrupt.ts';
import { copyOutput } from './job-output.ts';

/**
 * Writes the job's output as it comes, shows why it waits, and resolves with the job when both have ended.
 * Ctrl-C leaves the job running.
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
    const [job] = await Promise.all([
      client.wait(id, { signal, onUpdate: progress.update }),
      copyOutput(client, id, { follow: true, tail: options.tail, signal, onOutput: progress.clear }),
    ]);
    return job;
  } finally {
    abort.abort();
    progress.clear();
    release();
  }
}

/** Resolves with the job when it has ended, or as it is at the timeout. Ctrl-C leaves the job running. */
export async function awaitJob(
  client: DroverClient,
  id: string,
  options: { timeoutMs?: number | undefined; first?: Job; isSilent: boolean; comeBack: string },
): Promise<Job> {
  const progress = createProgress({ showsOutput: false, isSilent: options.isSilent });
  const release = onInterrupt({ clear: progress.clear, comeBack: options.comeBack });
  if (options.first !== undefined && process.stderr.isTTY) progress.update(options.first);
  try {
    return await client.wait(id, { timeoutMs: options.timeoutMs, onUpdate: progress.update });
  } finally {
    progress.clear();
    release();
  }
}
