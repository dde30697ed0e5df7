import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import { droverError } from '../errors/drover-error.ts';
import { keepConnections } from '../outbound/kept-connections.ts';
import type { WebhookStore } from '../store/webhook-store.ts';
import { createSequence } from '../timing/sequence.ts';
import { newSecret, rotateSecret } from '../webhook/secrets.ts';
import type { Webhook } from '../webhook/webhook.ts';
import type { Verdict } from './delivery/decide.ts';
import { createDeliverer } from './delivery/deliverer.ts';
import { createSweep, startSweeping } from './delivery/sweep.ts';
import { createSendMessage } from './send-message.ts';
import type { WebhookService } from './webhook-service.ts';
import { findTarget, type TargetRules } from './webhook-target.ts';

export interface WebhookServiceOptions {
  store: WebhookStore;
  rules: TargetRules;
  maxAgeMs: number;
  /** Hears what becomes of every attempt to deliver an event. Default: nobody. */
  onDelivery?: (verdict: Verdict['type']) => void;
  now: () => number;
  /** 0 to 1, for the jitter of delays. */
  random: () => number;
  log: Logger;
  /** Longest time that a receiver may take for an answer. Default 15 s. */
  timeoutMs?: number;
}

export interface OpenWebhookService extends WebhookService {
  /** Begins to deliver. */
  begin(): void;
  /** Ends it; messages that are under way get a while to come to their end, and what is not delivered then waits for the next server. */
  close(): Promise<void>;
}

const TIMEOUT_MS = 15_000;
const CLOSE_GRACE_MS = 2_000;
/** Each of them is looked at for each event. */
const MAX_WEBHOOKS = 100;
const MAX_TESTS = 8;

/** Reads the webhooks that there are. */
export async function openWebhookService(options: WebhookServiceOptions): Promise<OpenWebhookService> {
  const { store, rules, maxAgeMs, onDelivery = () => {}, now, random, log, timeoutMs = TIMEOUT_MS } = options;
  const webhooks = new Map((await store.webhooks()).map((webhook) => [webhook.id, webhook]));
  const oneByOne = createSequence();
  const connections = keepConnections();
  const send = createSendMessage({ rules, connections, timeoutMs, now });
  const deliverer = createDeliverer({ store, send, maxAgeMs, onGone: disableGone, onDelivery, now, random, log });
  const sweep = createSweep({ store, deliverer, maxAgeMs, now, log });
  const stopSweeping = startSweeping(() => sweep([...webhooks.values()]), log);
  let tests = 0;

  function known(id: string): Webhook {
    const webhook = webhooks.get(id);
    if (webhook === undefined) throw droverError('WEBHOOK_NOT_FOUND', { id });
    return webhook;
  }

  async function keep(webhook: Webhook): Promise<Webhook> {
    await store.put(webhook);
    webhooks.set(webhook.id, webhook);
    deliverer.put(webhook);
    return webhook;
  }

  /** A name that means nothing at this moment may do so later; deliveries say it then. */
  async function checkTarget({ url }: Pick<Webhook, 'url'>): Promise<void> {
    const target = await findTarget(new URL(url), rules);
    if (target.outcome === 'refused') throw droverError('WEBHOOK_NOT_ALLOWED', { url, problem: target.problem });
  }

  function disableGone(id: string): void {
    const disabled = { reason: 'the receiver answered 410: it wants no more messages', atMs: now() };
    log.warn({ webhook: id }, 'a webhook is disabled: its receiver answered 410');
    oneByOne(async () => {
      const webhook = webhooks.get(id);
      if (webhook !== undefined) await keep({ ...webhook, disabled });
    }).catch((error: unknown) => log.error({ err: error, webhook: id }, 'could not disable a webhook'));
  }

  async function sweepRemoved(): Promise<void> {
    while (await store.sweep());
  }

  const sweepRemovedSoon = () => {
    sweepRemoved().catch((error: unknown) => {
      log.error({ err: error }, 'could not remove what was left of deleted webhooks; the next start does');
    });
  };

  for (const webhook of webhooks.values()) deliverer.put(webhook);

  return {
    webhooks: () => [...webhooks.values()],
    webhook: known,

    async create(draft) {
      // Outside of the sequence: looking up a name can take its time.
      await checkTarget(draft);
      return oneByOne(async () => {
        if (webhooks.size >= MAX_WEBHOOKS) throw droverError('TOO_MANY_WEBHOOKS', { most: MAX_WEBHOOKS });
        const id = `wh_${randomBytes(10).toString('hex')}`;
        const secrets = { current: newSecret(), previous: null };
        return keep({ ...draft, id, secrets, disabled: null, createdAtMs: now() });
      });
    },

    async change(id, change, rotation) {
      const planned = change(known(id), now());
      if (planned.url !== known(id).url) await checkTarget(planned);
      return oneByOne(async () => {
        const before = known(id);
        const after = { ...change(before, now()), id };
        if (rotation === null) return keep(after);
        const { keepPreviousMs } = rotation;
        const untilMs = keepPreviousMs > 0 ? now() + keepPreviousMs : null;
        return keep({ ...after, secrets: rotateSecret(before.secrets, newSecret(), untilMs) });
      });
    },

    remove: (id) =>
      oneByOne(async () => {
        known(id);
        await store.remove(id);
        webhooks.delete(id);
        deliverer.forget(id);
        sweepRemovedSoon();
      }),

    async standing(id) {
      known(id);
      const tally = await store.tally(id);
      if (tally === null) throw droverError('WEBHOOK_NOT_FOUND', { id });
      const { failingSinceMs, pausedUntilMs } = deliverer.health(id);
      return { ...tally, failingSinceMs, pausedUntilMs: pausedUntilMs > now() ? pausedUntilMs : null };
    },

    async deliveries(id, limit) {
      known(id);
      const [waiting, finished] = await Promise.all([store.waiting(id, limit), store.finished(id, limit)]);
      return { waiting, finished };
    },

    async test(id, bodyAt, signal) {
      const webhook = known(id);
      if (tests >= MAX_TESTS) throw droverError('TOO_MANY_REQUESTS', { detail: `${tests} webhooks are being tested` });
      tests += 1;
      try {
        const messageId = `msg_${id.replace(/^wh_/, '')}_test_${randomBytes(6).toString('hex')}`;
        const answer = await send(webhook, { id: messageId, body: bodyAt(now()) }, signal);
        if (answer.problem === null) deliverer.endPause(id);
        return answer;
      } finally {
        tests -= 1;
      }
    },

    begin() {
      deliverer.begin();
      sweepRemovedSoon();
    },

    async close() {
      stopSweeping();
      await deliverer.close(CLOSE_GRACE_MS);
      connections.close();
    },
  };
}
