import type { Job } from '../../job/job.ts';
import type { JobService } from '../../jobs/service.ts';
import { renderJobDetails } from './job-details.ts';
import { isCommandFailure } from './job-message.ts';
import { readLastLines } from './last-lines.ts';

/** Makes the JSON text of a job, with what its message takes from elsewhere. */
export type PresentJob = (job: Job) => Promise<string>;

const CACHED_MESSAGES = 512;

/** The last lines of failed jobs never change, and are kept for those that are asked for again: lists would read each log every time. */
export function createPresentJob(service: Pick<JobService, 'pendingReason' | 'log'>): PresentJob {
  const lastLines = new Map<number, string>();

  async function lastLinesOf(job: Job): Promise<string> {
    const known = lastLines.get(job.seq);
    if (known !== undefined) return known;
    const lines = await readLastLines(service.log(job.id));
    const [oldest] = lastLines.keys();
    if (lastLines.size >= CACHED_MESSAGES && oldest !== undefined) lastLines.delete(oldest);
    lastLines.set(job.seq, lines);
    return lines;
  }

  return async (job) =>
    renderJobDetails(job, {
      pendingReason: service.pendingReason(job),
      lastLines: isCommandFailure(job) ? await lastLinesOf(job) : '',
    });
}
