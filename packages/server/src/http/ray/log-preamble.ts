import type { Job } from '../../job/job.ts';
import { environmentFailureText } from './job-message.ts';

/**
 * What Ray writes into a job's log before the first line of its driver; people and programs look for it. It stands in this
 * door's view of the log alone. Empty while no driver has begun.
 */
export function logPreamble(job: Job): string {
  const { attempt, end, id, spec } = job;
  const setUp = `${localTime(attempt?.handedOverAtMs ?? job.submittedAtMs)}\tINFO job_manager.py:583 -- Runtime env is setting up.\n`;
  const hasDriver = attempt !== null && (attempt.startedAtMs !== null || (end !== null && end.exitCode !== null));
  if (hasDriver) return `${setUp}Running entrypoint for job ${id}: ${spec.entrypoint}\n`;
  return end?.code === 'ENVIRONMENT_FAILED' ? setUp : '';
}

/** What Ray writes behind the last line: why no driver could begin. */
export function logEpilogue({ end }: Job): string {
  return end?.code === 'ENVIRONMENT_FAILED' ? `${environmentFailureText(end.message)}\n` : '';
}

/** `2026-11-23 04:17:46,123`, in the server's time zone, as Python's logging has it. */
function localTime(atMs: number): string {
  const at = new Date(atMs);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const millis = String(at.getMilliseconds()).padStart(3, '0');
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())},${millis}`;
}
