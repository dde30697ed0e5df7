import type { DatabaseSync } from 'node:sqlite';
import type { Job } from '../../job/job.ts';
import { isTerminal, JOB_STATUSES, type JobStatus } from '../../job/status.ts';
import { integerAt } from './column-value.ts';
import { statusNumber, statusOfNumber } from './status-number.ts';

/** A job before and after a write; null where there was, or is, none. */
export interface JobStep {
  before: Job | null;
  after: Job | null;
}

interface Amount {
  jobs: number;
  logBytes: number;
}

/** Counts of jobs and sizes of logs by status, kept by the transactions that change them. */
export interface Totals {
  /** Adds what these steps changed: one update per status, whatever their number. Inside a transaction. */
  add(steps: readonly JobStep[]): void;
  counts(): Record<JobStatus, number>;
  /** Over jobs that have ended. */
  storage(): { finishedJobs: number; logBytes: number };
}

export function prepareTotals(db: DatabaseSync): Totals {
  const update = db.prepare('UPDATE totals SET jobs = jobs + ?, log_bytes = log_bytes + ? WHERE status = ?');
  const select = db.prepare('SELECT status, jobs, log_bytes FROM totals');
  const read = () =>
    select.all().map((row) => ({
      status: statusOfNumber(integerAt(row, 0)),
      jobs: integerAt(row, 1),
      logBytes: integerAt(row, 2),
    }));

  return {
    add(steps) {
      for (const [status, { jobs, logBytes }] of differences(steps)) {
        if (jobs !== 0 || logBytes !== 0) update.run(jobs, logBytes, statusNumber(status));
      }
    },
    counts() {
      const counts = { PENDING: 0, RUNNING: 0, SUCCEEDED: 0, FAILED: 0, STOPPED: 0 };
      for (const { status, jobs } of read()) counts[status] = jobs;
      return counts;
    },
    storage() {
      const finished = read().filter(({ status }) => isTerminal(status));
      return {
        finishedJobs: finished.reduce((sum, { jobs }) => sum + jobs, 0),
        logBytes: finished.reduce((sum, { logBytes }) => sum + logBytes, 0),
      };
    },
  };
}

function differences(steps: readonly JobStep[]): Map<JobStatus, Amount> {
  const amounts = new Map<JobStatus, Amount>(JOB_STATUSES.map((status) => [status, { jobs: 0, logBytes: 0 }]));
  const count = (job: Job | null, sign: 1 | -1) => {
    const amount = job === null ? undefined : amounts.get(job.status);
    if (job === null || amount === undefined) return;
    amount.jobs += sign;
    amount.logBytes += sign * job.logBytes;
  };
  for (const { before, after } of steps) {
    count(before, -1);
    count(after, 1);
  }
  return amounts;
}
