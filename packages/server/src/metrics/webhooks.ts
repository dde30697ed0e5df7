import { Counter, type Registry } from 'prom-client';
import { DroverError } from '../errors/drover-error.ts';
import type { Verdict } from '../webhooks/delivery/decide.ts';
import type { WebhookService } from '../webhooks/webhook-service.ts';
import { addReadCounter, addReadGauge, type Sample } from './read-metrics.ts';

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
  service: Pick<WebhookService, 'webhooks' | 'standing' | 'deliveries'>,
  now: () => number,
): void {
  const read = shareReads(() => readOutboxes(service));
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

async function readOutboxes(service: Pick<WebhookService, 'webhooks' | 'standing' | 'deliveries'>): Promise<Outbox[]> {
  const outboxes: Outbox[] = [];
  for (const { id } of service.webhooks()) {
    try {
      const { waiting, waitingBytes, dropped } = await service.standing(id);
      const [oldest] = waiting === 0 ? [] : (await service.deliveries(id, 1)).waiting;
      outboxes.push({ webhook: id, waiting, waitingBytes, dropped, oldestAtMs: oldest?.atMs ?? null });
    } catch (error) {
      // It was deleted between two looks.
      if (!(error instanceof DroverError) || error.code !== 'WEBHOOK_NOT_FOUND') throw error;
    }
  }
  return outboxes;
}

/** Those who ask while an answer is being read get that one: the metrics of one scrape are asked for together. */
function shareReads<Answer>(read: () => Promise<Answer>): () => Promise<Answer> {
  let pending: Promise<Answer> | null = null;
  return () => {
    pending ??= read().finally(() => {
      pending = null;
    });
    return pending;
  };
}
