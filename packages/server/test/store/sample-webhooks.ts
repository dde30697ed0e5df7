import type { DeliveryAttempt } from '../../src/webhook/delivery.ts';
import { type EventFilter, NO_FILTER, type Webhook } from '../../src/webhook/webhook.ts';

type WebhookFields = Partial<Omit<Webhook, 'filter'>> & { filter?: Partial<EventFilter> };

/** A webhook that gets every event. */
export function sampleWebhook(id: string, { filter, ...fields }: WebhookFields = {}): Webhook {
  return {
    id,
    url: 'https://hooks.test/drover',
    description: '',
    filter: { ...NO_FILTER, ...filter },
    secrets: { current: 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=', previous: null },
    disabled: null,
    createdAtMs: 1_700_000_000_000,
    ...fields,
  };
}

export const TAKEN: DeliveryAttempt = { atMs: 1_700_000_001_000, durationMs: 12, status: 204, problem: null };
export const REFUSED: DeliveryAttempt = {
  ...{ atMs: 1_700_000_001_000, durationMs: 12, status: 500, problem: 'answered 500' },
};
