import { isTerminal, JOB_STATUSES, type JobStatus } from '../../job/status.ts';

/** Written to disk: never reorder. */
const NUMBERS: Readonly<Record<JobStatus, number>> = { PENDING: 0, RUNNING: 1, SUCCEEDED: 2, FAILED: 3, STOPPED: 4 };

const STATUSES: ReadonlyMap<number, JobStatus> = new Map(JOB_STATUSES.map((status) => [NUMBERS[status], status]));

export const UNFINISHED_NUMBERS: readonly number[] = JOB_STATUSES.filter((status) => !isTerminal(status)).map(
  statusNumber,
);

/** The small integer that stands for a status in rows and indexes. */
export function statusNumber(status: JobStatus): number {
  return NUMBERS[status];
}

/** @throws {Error} for a number that no status has: the file is damaged. */
export function statusOfNumber(number: number): JobStatus {
  const status = STATUSES.get(number);
  if (status === undefined) throw new Error(`the job store holds the unknown status ${number}`);
  return status;
}
