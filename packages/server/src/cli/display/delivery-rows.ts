import type {
  DeliveryAttempt,
  FinishedDelivery,
  WaitingDelivery,
  WebhookDelivery,
  WebhookTest,
} from '@drover/client/webhook';
import type { Cell, TableShape } from './table.ts';
import { formatDuration, formatLocalTime } from './times.ts';
import { visibleLines, visibleText } from './visible-text.ts';

export const DELIVERY_TABLE: TableShape = {
  header: ['TIME', 'JOB', 'EVENT', 'TRIES', 'WHAT BECAME OF IT'],
  expendable: ['TRIES'],
};

/** What was delivered, or given up. */
export function finishedRow(delivery: FinishedDelivery): Cell[] {
  const { delivered, last_attempt: attempt } = delivery;
  return [
    ...eventCells(delivery),
    { text: delivered ? `delivered: ${describeAttempt(attempt)}` : `given up: ${describeAttempt(attempt)}` },
  ];
}

/** What waits, and for what. */
export function waitingRow(delivery: WaitingDelivery, nowMs: number): Cell[] {
  return [...eventCells(delivery), { text: describeWait(delivery, nowMs) }];
}

/** `drover webhook test` for people. */
export function describeTest(test: WebhookTest): string {
  const outcome = `${test.delivered ? 'delivered' : 'not delivered'}: ${visibleText(describeAttempt(test))}\n`;
  return test.answer === '' ? outcome : `${outcome}  ${visibleLines(test.answer, '  ')}\n`;
}

function eventCells({ at, job_id: jobId, type, attempts }: WebhookDelivery): Cell[] {
  const event = type.replace(/^job\./, '');
  return [{ text: formatLocalTime(at) }, { text: jobId }, { text: event }, { text: String(attempts) }];
}

function describeWait({ next_attempt_at: next, last_attempt: last }: WaitingDelivery, nowMs: number): string {
  if (next === null) return 'waits for an earlier event of the job';
  if (last === null) return 'waits';
  const leftMs = Date.parse(next) - nowMs;
  const when = leftMs > 0 ? `in ${formatDuration(leftMs)}` : 'as soon as the receiver may be asked';
  return `${last.problem ?? 'failed'}; tried again ${when}`;
}

/** `answered 204 in 0.1s`. */
function describeAttempt({ status, problem, duration_seconds: seconds }: DeliveryAttempt): string {
  return `${problem ?? `answered ${status}`} in ${formatDuration(seconds * 1000)}`;
}
