import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { webhookBody } from '../../src/http/native/webhook-body.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { JobStore } from '../../src/store/store.ts';
import type { OutboxOptions, WebhookStore } from '../../src/store/webhook-store.ts';
import { type EventFilter, NO_FILTER, type Webhook } from '../../src/webhook/webhook.ts';
import {
  type OpenWebhookService,
  openWebhookService,
  type WebhookServiceOptions,
} from '../../src/webhooks/open-webhook-service.ts';
import { PLAIN_OUTBOX } from '../store/plain-outbox.ts';

export interface Scene {
  store: JobStore;
  service: OpenWebhookService;
  /** Messages of the log. */
  logged: string[];
  /** A webhook of which all events are delivered from now on. */
  hear(url: string, filter?: Partial<EventFilter>): Promise<Webhook>;
  /** As another server would, over the same store. The one before is not closed. */
  restart(): Promise<OpenWebhookService>;
}

/** Webhooks over a store in memory; what fails is tried again after half a second. */
export async function openScene(
  given: Partial<WebhookServiceOptions> & {
    outbox?: Partial<OutboxOptions>;
    /** What the service gets in place of the store. */
    disturb?: (store: WebhookStore) => WebhookStore;
  } = {},
): Promise<Scene> {
  const { outbox, disturb = (undisturbed) => undisturbed, ...overrides } = given;
  const store = openSqliteStore({
    path: ':memory:',
    onFatal: (error) => {
      throw error;
    },
    outbox: { ...PLAIN_OUTBOX, bodyOf: webhookBody, ...outbox },
  });
  const logged: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => logged.push(JSON.parse(line).msg) });
  const services: OpenWebhookService[] = [];
  async function restart(): Promise<OpenWebhookService> {
    const service = await openWebhookService({
      store: disturb(store.webhooks),
      rules: { allowedHosts: ['127.0.0.1'], resolve: () => Promise.reject(new Error('no such name')) },
      ...{ maxAgeMs: 3_600_000, now: Date.now, random: () => 1, log, timeoutMs: 5_000, ...overrides },
    });
    services.push(service);
    service.begin();
    return service;
  }
  onTestFinished(async () => {
    for (const service of services) await service.close();
    await store.close();
  });
  const service = await restart();
  return {
    store,
    service,
    logged,
    hear: (url, filter = {}) => service.create({ url, description: '', filter: { ...NO_FILTER, ...filter } }),
    restart,
  };
}
