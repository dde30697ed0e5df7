import { hasEnded, type Job } from '@drover/client/job';
import { DEFAULT_QUEUE } from '../../queue/queue.ts';
import { endedElements } from './array-progress.ts';
import { statusPaint } from './paint.ts';
import type { Cell, TableShape } from './table.ts';
import { formatAgo, formatDuration } from './times.ts';
import { truncate, visibleLines, visibleText } from './visible-text.ts';

export const JOB_TABLE: TableShape = {
  header: ['ID', 'STATUS', 'ELEMENTS', 'QUEUE', 'PRIORITY', 'SUBMITTED', 'RAN', 'EXIT', 'COMMAND'],
  // First of all what the status nearly tells.
  expendable: ['EXIT', 'RAN', 'SUBMITTED', 'PRIORITY', 'QUEUE', 'COMMAND', 'ELEMENTS'],
};
/** In columns; `drover status` and `--json` have the whole command. */
const LONGEST_COMMAND = 200;

/** One line of `drover list`. */
export function jobRow(job: Job, nowMs: number, stream: NodeJS.WriteStream): Cell[] {
  return [
    { text: job.id },
    { text: job.status, paint: statusPaint(job.status, stream) },
    elementsCell(job),
    { text: job.queue, isUsual: job.queue === DEFAULT_QUEUE },
    { text: String(job.priority), isUsual: job.priority === 0 },
    { text: formatAgo(Date.parse(job.submitted_at), nowMs) },
    { text: runTime(job, nowMs) ?? '-' },
    { text: job.end?.exit_code == null ? '-' : String(job.end.exit_code) },
    { text: truncate(visibleText(job.entrypoint), LONGEST_COMMAND) },
  ];
}

/** `37/100, 2 failed`: those that have ended, of all. */
function elementsCell({ array }: Job): Cell {
  if (array === null) return { text: '-', isUsual: true };
  const failed = array.failed === 0 ? '' : `, ${array.failed} failed`;
  return { text: `${endedElements(array)}/${array.size}${failed}` };
}

/** How long the driver runs or ran; null where none began. */
export function runTime(job: Job, nowMs: number): string | null {
  if (job.started_at === null) return null;
  const endMs = job.ended_at === null ? nowMs : Date.parse(job.ended_at);
  return formatDuration(endMs - Date.parse(job.started_at));
}

/**
 * `app-1 FAILED after 3s: ENTRYPOINT_FAILED, the driver ended with exit code 3`, or where the job stands. Fit for a
 * terminal; several lines where the reason has them.
 */
export function describeJob(job: Job, nowMs: number): string {
  if (!hasEnded(job)) return visibleText(`${job.id} is ${job.status}`);
  const time = runTime(job, nowMs);
  const after = time === null ? '' : ` after ${time}`;
  const why =
    job.end === null || job.end.code === 'NONE'
      ? ''
      : `: ${[job.end.code, job.end.message].filter(Boolean).join(', ')}`;
  return visibleLines(`${job.id} ${job.status}${after}${why}`, '  ');
}

/** As the server words it, with the place of a job that waits for its turn; null where it does not wait. */
export function describeReason(job: Job): string | null {
  return job.pending_reason?.message ?? null;
}
