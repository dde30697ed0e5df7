import type { Logger } from 'pino';
import type { WebhookStore } from '../../store/webhook-store.ts';
import type { Webhook } from '../../webhook/webhook.ts';
import type { Deliverer } from './deliverer.ts';

const EVERY_MS = 10 * 60 * 1_000;

/** A receiver that does not answer yet, when this server has only just begun, keeps what it missed before. */
const LEAST_FAILURE_MS = 60 * 60 * 1_000;

export interface SweepOptions {
  store: WebhookStore;
  deliverer: Pick<Deliverer, 'health'>;
  maxAgeMs: number;
  now: () => number;
  log: Logger;
}

/** Drops what has become too old for a webhook that takes nothing. Whatever was dropped since the last sweep is told to the operator. */
export function createSweep({ store, deliverer, maxAgeMs, now, log }: SweepOptions) {
  const known = new Map<string, number>();

  async function sweepOne({ id, disabled }: Webhook): Promise<void> {
    const { failingSinceMs } = deliverer.health(id);
    const isFailing = failingSinceMs !== null && now() - failingSinceMs >= LEAST_FAILURE_MS;
    if (disabled !== null || isFailing) {
      while ((await store.dropOlder(id, now() - maxAgeMs)) > 0);
    }
    const dropped = (await store.tally(id))?.dropped ?? 0;
    const before = known.get(id) ?? dropped;
    known.set(id, dropped);
    if (dropped > before) log.warn({ webhook: id, dropped: dropped - before }, 'events for a webhook were dropped');
  }

  return async (webhooks: readonly Webhook[]): Promise<void> => {
    for (const webhook of webhooks) await sweepOne(webhook);
  };
}

/** Sweeps from time to time. @returns ends it */
export function startSweeping(sweep: () => Promise<void>, log: Logger): () => void {
  const timer = setInterval(() => {
    sweep().catch((error: unknown) => log.error({ err: error }, 'could not drop what is too old for webhooks'));
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
