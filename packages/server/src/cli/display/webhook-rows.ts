import { styleText } from 'node:util';
import type { Webhook } from '@drover/client/webhook';
import type { Cell, TableShape } from './table.ts';

export const WEBHOOK_TABLE: TableShape = {
  header: ['WEBHOOK', 'STATE', 'WAITING', 'DELIVERED', 'DROPPED', 'EVENTS', 'URL'],
  expendable: ['DELIVERED', 'EVENTS', 'DROPPED'],
};

/** One line of `drover webhook list`. */
export function webhookRow(webhook: Webhook, stream: NodeJS.WriteStream): Cell[] {
  const { waiting, delivered, dropped } = webhook.deliveries;
  return [
    { text: webhook.id },
    { text: webhookState(webhook), paint: webhookPaint(webhook, stream) },
    ...[waiting, delivered, dropped].map((count) => ({ text: String(count) })),
    { text: describeEvents(webhook) },
    { text: webhook.url },
  ];
}

/** `active`, `failing` while it takes no messages, or `disabled`. */
export function webhookState({ enabled, deliveries }: Webhook): 'active' | 'failing' | 'disabled' {
  if (!enabled) return 'disabled';
  return deliveries.failing_since === null ? 'active' : 'failing';
}

const COLOURS = { active: 'green', failing: 'yellow', disabled: 'red' } as const;

export function webhookPaint(webhook: Webhook, stream: NodeJS.WriteStream): (text: string) => string {
  return (text) => styleText(COLOURS[webhookState(webhook)], text, { stream });
}

/** `ended as FAILED`. */
export function describeEvents({ events, statuses }: Webhook): string {
  const types = events?.map((type) => type.replace(/^job\./, '')) ?? (statuses === null ? ['all'] : ['ended']);
  return types.join(', ') + (statuses === null ? '' : ` as ${statuses.join(', ')}`);
}
