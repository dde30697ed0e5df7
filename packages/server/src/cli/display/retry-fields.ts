import { hasEnded, type Job } from '@drover/client/job';
import type { RetryRule } from '@drover/client/retry';
import type { Field } from './fields.ts';
import { formatDuration, formatLocalTime } from './times.ts';

/** What `drover status` tells of retries; nothing of a job that is never tried again. */
export function retryFields(job: Job, nowMs: number): Field[] {
  const { max_retries: most, retry_policy: policy, retries } = job;
  const { made, next_at: nextAt, last_end: last } = retries;
  return [
    ['retries', most === 0 ? null : `${made} of ${most} made`],
    [
      'next try',
      nextAt === null ? null : `${formatLocalTime(nextAt)} (in ${formatDuration(Date.parse(nextAt) - nowMs)})`,
    ],
    // The end of a job that has ended stands above.
    ['last end', last === null || hasEnded(job) ? null : `${last.code}: ${last.message}`, { hasLines: true }],
    ['tried again on', policy?.rules.map(describeRule).join('; ') || null],
  ];
}

/** `75, SIGKILL`, or `not 75, SIGKILL`. */
function describeRule({ exit_codes: exitCodes = [], signals = [], codes = [], retry }: RetryRule): string {
  return `${retry ? '' : 'not '}${[...exitCodes, ...signals, ...codes].join(', ')}`;
}
