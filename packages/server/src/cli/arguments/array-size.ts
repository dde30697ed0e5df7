import type { JobSubmission } from '@drover/client/job';
import { InvalidArgumentError } from 'commander';

/** `100`, or `100%4` where at most 4 of them run at once. */
export function parseArray(value: string): NonNullable<JobSubmission['array']> {
  const match = /^([1-9]\d{0,8})(?:%([1-9]\d{0,8}))?$/.exec(value);
  if (match === null) throw new InvalidArgumentError("It must be a number of elements such as '100', or '100%4'.");
  const [, size, maxRunning] = match;
  return { size: Number(size), ...(maxRunning === undefined ? {} : { max_running: Number(maxRunning) }) };
}
