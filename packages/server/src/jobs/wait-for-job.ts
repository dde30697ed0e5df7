import type { Job } from '../job/job.ts';
import type { JobWatchers } from './job-watchers.ts';

export interface WaitOptions {
  timeoutMs: number;
  signal?: AbortSignal;
}

/**
 * Resolves with the job once `isReached` holds for its committed row, at the time limit or the abort with the row as it
 * is then; null where the id is unknown or the job is deleted meanwhile.
 */
export async function waitForJob(
  source: { get(id: string): Promise<Job | null>; watchers: JobWatchers },
  id: string,
  isReached: (job: Job) => boolean,
  { timeoutMs, signal }: WaitOptions,
): Promise<Job | null> {
  const { promise: reached, resolve: wake, reject: fail } = Promise.withResolvers<Job | null>();
  // Listening begins before the first look, or a change in between would be missed.
  const stopWatching = source.watchers.watch(id, (job) => {
    if (job === null || isReached(job)) wake(job);
  });
  let timer: NodeJS.Timeout | undefined;
  const giveUp = () => {
    source.get(id).then(wake, fail);
  };
  try {
    const job = await source.get(id);
    if (job === null || isReached(job) || timeoutMs <= 0 || signal?.aborted) return job;
    timer = setTimeout(giveUp, timeoutMs);
    signal?.addEventListener('abort', giveUp, { once: true });
    return await reached;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
    stopWatching();
  }
}
