import { styleText } from 'node:util';
import type { Engine } from '@drover/client/cluster';
import type { JobStatus } from '@drover/client/job';
import type { QueueState } from '@drover/client/queue';

const STATUS_COLOURS = {
  PENDING: 'yellow',
  RUNNING: 'cyan',
  SUCCEEDED: 'green',
  FAILED: 'red',
  STOPPED: 'magenta',
} as const satisfies Record<JobStatus, string>;

const STATE_COLOURS = {
  active: 'green',
  paused: 'yellow',
  draining: 'magenta',
} as const satisfies Record<QueueState, string>;

/** Paints by the job's status, where the stream is a terminal and the user wants colours (`NO_COLOR`). */
export function statusPaint(status: JobStatus, stream: NodeJS.WriteStream): (text: string) => string {
  return (text) => styleText(STATUS_COLOURS[status] ?? 'reset', text, { stream });
}

export function statePaint(state: QueueState, stream: NodeJS.WriteStream): (text: string) => string {
  return (text) => styleText(STATE_COLOURS[state] ?? 'reset', text, { stream });
}

export function bold(text: string, stream: NodeJS.WriteStream): string {
  return styleText('bold', text, { stream });
}

/** What can be used is not worth a look. */
export function healthPaint(health: Engine['health'], stream: NodeJS.WriteStream): (text: string) => string {
  return (text) => styleText(health === 'healthy' ? 'green' : 'red', text, { stream });
}

/** Names of fields, a shade back. */
export function dim(text: string, stream: NodeJS.WriteStream): string {
  return styleText('dim', text, { stream });
}
