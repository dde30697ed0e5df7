import { Counter, type Registry } from 'prom-client';
import type { WebhookStore } from '../store/webhook-store.ts';
import type { Verdict } from '../webhooks/delivery/decide.ts';
import type { WebhookService } from '../webhooks/webhook-service.ts';
import { addReadCounter, addReadGauge, type Sample } from './read-metrics.ts';
import { shareLook } from './share-look.ts';

/** What becomes of an attempt to deliver an event, as its label says it. */
const OUTCOMES: Record<Verdict['type'], string> = {
  delivered: 'delivered',
  retry: 'retried',
  gone: 'gone',
  give_up: 'given_up',
};

interface Outbox {
  webhook: string;
  waiting: number;
  waitingBytes: number;
  dropped: number;
  /** When the oldest event that waits happened; null where none does. */
  oldestAtMs: number | null;
}

/** Counts attempts to deliver events; answers what is to hear of each. */
export function createDeliveryCount(registry: Registry): (verdict: Verdict['type']) => void {
  const deliveries = new Counter({
    name: 'drover_webhook_deliveries_total',
    help: 'Attempts to deliver an event to a webhook, by what became of them',
    ...{ labelNames: ['outcome'], registers: [registry] },
  });
  // From the beginning, so that the first one is seen as an increase.
  for (const outcome of Object.values(OUTCOMES)) deliveries.inc({ outcome }, 0);
  return (verdict) => deliveries.inc({ outcome: OUTCOMES[verdict] });
}

/** What waits for each webhook, and what was dropped. There are a hundred of them at most. */
export function addWebhooks(
  registry: Registry,
  service: Pick<WebhookService, 'webhooks'>,
  store: Outboxes,
  now: () => number,
): void {
  const read = shareLook(() => readOutboxes(service, store));
  const labelNames = ['webhook'];
  const samples = async (amountOf: (outbox: Outbox) => number): Promise<Sample[]> =>
    (await read()).map((outbox) => ({ labels: { webhook: outbox.webhook }, value: amountOf(outbox) }));

  addReadGauge(registry, {
    ...{
      name: 'drover_webhook_waiting_events',
      help: 'Events that are still to be delivered to a webhook',
      labelNames,
    },
    read: () => samples(({ waiting }) => waiting),
  });
  addReadGauge(registry, {
    ...{ name: 'drover_webhook_waiting_bytes', help: 'Size of the bodies that wait for a webhook', labelNames },
    read: () => samples(({ waitingBytes }) => waitingBytes),
  });
  addReadGauge(registry, {
    name: 'drover_webhook_oldest_waiting_seconds',
    help: 'How long ago the oldest event happened that waits for a webhook; 0 where none does',
    labelNames,
    read: () => samples(({ oldestAtMs }) => (oldestAtMs === null ? 0 : Math.max(0, now() - oldestAtMs) / 1_000)),
  });
  addReadCounter(registry, {
    name: 'drover_webhook_events_dropped_total',
    help: 'Events that were given up, or dropped since too many waited or they had become too old',
    labelNames,
    read: () => samples(({ dropped }) => dropped),
  });
}

type Outboxes = Pick<WebhookStore, 'tally' | 'waiting'>;

async function readOutboxes(service: Pick<WebhookService, 'webhooks'>, store: Outboxes): Promise<Outbox[]> {
  const outboxes: Outbox[] = [];
  for (const { id } of service.webhooks()) {
    const tally = await store.tally(id);
    // It was deleted between two looks.
    if (tally === null) continue;
    const { waiting, waitingBytes, dropped } = tally;
    const [oldest] = waiting === 0 ? [] : await store.waiting(id, 1);
    outboxes.push({ webhook: id, waiting, waitingBytes, dropped, oldestAtMs: oldest?.atMs ?? null });
  }
  return outboxes;
}
