import type { Job } from '@drover/client/job';
import type { Field } from './fields.ts';
import { formatDuration } from './times.ts';

/** What `drover status` tells of other jobs that a job depends on, and of its limits. */
export function conditionFields(job: Job): Field[] {
  const time = (seconds: number | null) => (seconds === null ? null : formatDuration(seconds * 1000));
  return [
    ['after start of', job.after.join(', ') || null],
    ['after end of', job.after_any.join(', ') || null],
    ['after success of', job.after_success.join(', ') || null],
    ['time limit', time(job.time_limit_seconds)],
    ['queue time limit', time(job.queue_time_limit_seconds)],
    ['ttl', time(job.ttl_seconds_after_finished)],
  ];
}
