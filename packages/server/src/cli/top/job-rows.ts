import type { Job } from '@drover/client/job';
import { DEFAULT_QUEUE } from '../../queue/queue.ts';
import { formatAmount } from '../display/amounts.ts';
import { describeArray } from '../display/array-progress.ts';
import { describeReason, runTime } from '../display/job-rows.ts';
import type { Cell, TableShape } from '../display/table.ts';

export const RUNNING_TABLE: TableShape = {
  header: ['RUNNING', 'TIME', 'CPUS', 'GPUS', 'QUEUE', 'TENANT', 'COMMAND'],
  expendable: ['COMMAND'],
};

export const WAITING_TABLE: TableShape = {
  header: ['WAITING', 'QUEUE', 'PRIORITY', 'TENANT', 'WHY'],
  expendable: ['PRIORITY', 'TENANT'],
  // Whoever looks there wants to know why.
  shortestLast: 28,
};

const DEFAULT_TENANT = 'default';

/** What runs longest comes first. */
export function orderRunning(jobs: readonly Job[]): Job[] {
  const startedAtMs = (job: Job) => Date.parse(job.started_at ?? job.submitted_at);
  return jobs.toSorted((one, other) => startedAtMs(one) - startedAtMs(other));
}

/** What an array holds, its elements hold: of itself it is told how far it is. */
export function runningRow(job: Job, nowMs: number): Cell[] {
  const progress = describeArray(job);
  return [
    { text: job.id },
    { text: runTime(job, nowMs) ?? '-' },
    { text: progress === null ? formatAmount(job.resources.cpus) : '-' },
    { text: progress === null ? formatAmount(job.resources.gpus) : '-', isUsual: job.resources.gpus === 0 },
    { text: job.queue, isUsual: job.queue === DEFAULT_QUEUE },
    { text: job.tenant, isUsual: job.tenant === DEFAULT_TENANT },
    { text: progress ?? job.entrypoint },
  ];
}

export function waitingRow(job: Job): Cell[] {
  return [
    { text: job.id },
    { text: job.queue },
    { text: String(job.priority), isUsual: job.priority === 0 },
    { text: job.tenant, isUsual: job.tenant === DEFAULT_TENANT },
    { text: describeReason(job) ?? 'about to start' },
  ];
}
