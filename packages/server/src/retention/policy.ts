import type { FinishedJob } from '../store/store.ts';

/** What is kept of finished jobs; null means no limit. */
export interface RetentionLimits {
  maxAgeMs: number | null;
  maxCount: number | null;
  maxLogBytes: number | null;
}

export interface FinishedTotals {
  finishedJobs: number;
  logBytes: number;
}

/**
 * Which of the oldest finished jobs are to go, oldest first. Pure.
 *
 * @param oldest finished jobs, oldest end first; a page of all there are
 */
export function expiredJobs(
  oldest: readonly FinishedJob[],
  totals: FinishedTotals,
  limits: RetentionLimits,
  nowMs: number,
): FinishedJob[] {
  const expired: FinishedJob[] = [];
  let { finishedJobs, logBytes } = totals;
  for (const job of oldest) {
    const isTooOld = limits.maxAgeMs !== null && nowMs - job.endedAtMs > limits.maxAgeMs;
    const isOneTooMany = limits.maxCount !== null && finishedJobs > limits.maxCount;
    const isTooMuchLog = limits.maxLogBytes !== null && logBytes > limits.maxLogBytes;
    if (!isTooOld && !isOneTooMany && !isTooMuchLog) break;
    expired.push(job);
    finishedJobs -= 1;
    logBytes -= job.logBytes;
  }
  return expired;
}
