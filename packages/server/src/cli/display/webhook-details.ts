import type { Webhook } from '@drover/client/webhook';
import { formatSize } from './amounts.ts';
import { type Field, fieldLines } from './fields.ts';
import { formatAgo, formatLocalTime } from './times.ts';
import { describeEvents, webhookPaint, webhookState } from './webhook-rows.ts';

/** `drover webhook show` for people; the secret is among it where the server has shown it. */
export function webhookDetails(
  webhook: Webhook & { secret?: string },
  nowMs: number,
  stream: NodeJS.WriteStream,
): string {
  const { deliveries, metadata } = webhook;
  const time = (at: string | null) => (at === null ? null : formatLocalTime(at));
  const pairs = Object.entries(metadata).map(([key, value]) => `${key}=${value}`);
  const fields: Field[] = [
    ['webhook', webhook.id],
    ['url', webhook.url],
    ['description', webhook.description || null],
    ['state', describeState(webhook, nowMs), { paint: webhookPaint(webhook, stream) }],
    ['events', describeEvents(webhook)],
    ['tenant', webhook.tenant],
    ['queue', webhook.queue],
    ['metadata', pairs.join(', ') || null],
    ['waiting', describeWaiting(webhook)],
    ['delivered', String(deliveries.delivered)],
    ['dropped', String(deliveries.dropped)],
    ['tried again', time(deliveries.paused_until)],
    ['created', time(webhook.created_at)],
    ['old secret', webhook.previous_secret_until === null ? null : `until ${time(webhook.previous_secret_until)}`],
    ['secret', webhook.secret ?? null],
  ];
  return fieldLines(fields, stream);
}

function describeState(webhook: Webhook, nowMs: number): string {
  const state = webhookState(webhook);
  const { failing_since: since } = webhook.deliveries;
  if (state === 'failing' && since !== null) {
    return `failing: it takes no messages, first ${formatAgo(Date.parse(since), nowMs)}`;
  }
  return state === 'disabled' ? `disabled: ${webhook.disabled_reason ?? ''}` : state;
}

function describeWaiting({ deliveries: { waiting, waiting_bytes: bytes } }: Webhook): string {
  return waiting === 0 ? '0' : `${waiting} (${formatSize(bytes)})`;
}
