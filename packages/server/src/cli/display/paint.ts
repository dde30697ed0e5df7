import { styleText } from 'node:util';
import type { JobStatus } from '@drover/client/job';

const STATUS_COLOURS = {
  PENDING: 'yellow',
  RUNNING: 'cyan',
  SUCCEEDED: 'green',
  FAILED: 'red',
  STOPPED: 'magenta',
} as const satisfies Record<JobStatus, string>;

/** Paints by the job's status, where the stream is a terminal and the user wants colours (`NO_COLOR`). */
export function statusPaint(status: JobStatus, stream: NodeJS.WriteStream): (text: string) => string {
  return (text) => styleText(STATUS_COLOURS[status] ?? 'reset', text, { stream });
}

/** Names of fields, a shade back. */
export function dim(text: string, stream: NodeJS.WriteStream): string {
  return styleText('dim', text, { stream });
}
