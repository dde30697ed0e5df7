import type { Attempt, Job, PastAttempt } from '../../job/job.ts';

/** Number of the attempt that the job makes, has made last, or waits to make. */
export function attemptNumber({ attempt, retry }: Pick<Job, 'attempt' | 'retry'>): number {
  return attempt?.number ?? (retry?.made ?? 0) + 1;
}

/**
 * The first attempt from this number on that may have output; null where there is none yet.
 *
 * @param number null for the present or last one
 */
export async function attemptToRead(
  source: { pastAttempts(job: Job): Promise<PastAttempt[]> },
  job: Job,
  number: number | null,
): Promise<Attempt | null> {
  if (number === null) return job.attempt;
  if (number <= (job.retry?.made ?? 0)) {
    const past = await source.pastAttempts(job);
    const found = past.find((candidate) => candidate.number >= number && candidate.attempt !== null);
    if (found !== undefined) return found.attempt;
  }
  return job.attempt !== null && job.attempt.number >= number ? job.attempt : null;
}

/** Whether the job went on after this attempt: otherwise it was withdrawn before it had a driver, and the next has its number. */
export function wasTried({ retry }: Pick<Job, 'retry'>, { number }: Attempt): boolean {
  return (retry?.made ?? 0) >= number;
}
