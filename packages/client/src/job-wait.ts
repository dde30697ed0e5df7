import { pause } from './backoff.ts';
import { hasEnded, type Job } from './job.ts';
import { jobPath } from './job-path.ts';
import { parseJob } from './parse-answer.ts';
import type { Transport } from './transport.ts';

export interface WaitOptions {
  /** In milliseconds; absent: until the job has ended. At the end of it the job is answered as it is. */
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
  /**
   * Called with the job at once, about once a second while it is PENDING (its reason may change) or an array (its elements end),
   * less often otherwise.
   */
  onUpdate?: ((job: Job) => void) | undefined;
  /** For how long a server that went away is waited for. Default 60 s. */
  patienceMs?: number | undefined;
}

/** Below the 60 s after which proxies cut quiet connections. */
const LONGEST_POLL_SECONDS = 30;
const CHANGING_POLL_SECONDS = 1;
/** A server that shuts down answers at once; it must not be asked without a pause until it is gone. */
const SHORTEST_ROUND_MS = 200;

/**
 * A restart of the server in the meantime is waited out; one that cannot be reached at first fails soon. So the first
 * question asks for an answer at once: from then on the server is known to be there.
 */
export async function waitForEnd(transport: Transport, id: string, options: WaitOptions): Promise<Job> {
  const { signal, timeoutMs, onUpdate, patienceMs = 60_000 } = options;
  const deadlineMs = timeoutMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + timeoutMs;
  let job: Job | null = null;
  for (;;) {
    const longestSeconds = job === null ? 0 : pollSeconds(job, onUpdate !== undefined);
    const askedAtMs = Date.now();
    const seconds = Math.min(longestSeconds, Math.max(0, (deadlineMs - askedAtMs) / 1000));
    const answer = await transport.sendForJson({
      path: `${jobPath(id)}/wait`,
      query: new URLSearchParams({ timeout: String(Math.round(seconds * 1000) / 1000) }),
      signal,
      patienceMs: job === null ? undefined : patienceMs,
    });
    job = parseJob(answer);
    if (hasEnded(job) || Date.now() >= deadlineMs) return job;
    onUpdate?.(job);
    if (longestSeconds > 0) await pause(Math.max(0, SHORTEST_ROUND_MS - (Date.now() - askedAtMs)), signal);
  }
}

function pollSeconds(job: Job, isWatched: boolean): number {
  const isChanging = job.status === 'PENDING' || job.array !== null;
  return isWatched && isChanging ? CHANGING_POLL_SECONDS : LONGEST_POLL_SECONDS;
}
