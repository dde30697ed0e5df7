import type { DeliveryTally, FinishedNotice, WaitingNotice } from '../webhook/delivery.ts';
import type { EventFilter, Webhook } from '../webhook/webhook.ts';
import type { MessageAnswer } from './send-message.ts';

/** What somebody who wants to hear of events gives. */
export interface WebhookDraft {
  url: string;
  description: string;
  filter: EventFilter;
}

/** How it stands with a webhook at this moment. */
export interface WebhookStanding extends DeliveryTally {
  /** Since when no message was taken; null where the last one was. */
  failingSinceMs: number | null;
  /** When it is tried again; null where nothing keeps it from being tried. */
  pausedUntilMs: number | null;
}

export interface WebhookDeliveries {
  /** Oldest first. */
  waiting: WaitingNotice[];
  /** Those that were delivered or given up, the last first. */
  finished: FinishedNotice[];
}

/** What operators do with webhooks. Changes resolve when they are on disk, and hold from then on. */
export interface WebhookService {
  /** In the order of their creation. */
  webhooks(): Webhook[];
  /** @throws `WEBHOOK_NOT_FOUND` */
  webhook(id: string): Webhook;
  /** Gives it an id and a secret. @throws `WEBHOOK_NOT_ALLOWED`, `TOO_MANY_WEBHOOKS` */
  create(draft: WebhookDraft): Promise<Webhook>;
  /**
   * What waits goes to the webhook as it is then.
   *
   * @param rotation a new secret is made; the one before signs as well for so long
   * @throws `WEBHOOK_NOT_FOUND`, `WEBHOOK_NOT_ALLOWED`
   */
  change(
    id: string,
    change: (webhook: Webhook, nowMs: number) => Webhook,
    rotation: { keepPreviousMs: number } | null,
  ): Promise<Webhook>;
  /** What waits for it is dropped. @throws `WEBHOOK_NOT_FOUND` */
  remove(id: string): Promise<void>;

  /** @throws `WEBHOOK_NOT_FOUND` */
  standing(id: string): Promise<WebhookStanding>;
  /** @param limit of each of the two @throws `WEBHOOK_NOT_FOUND` */
  deliveries(id: string, limit: number): Promise<WebhookDeliveries>;
  /** Sends a message now, past the outbox, also to a disabled webhook. @throws `WEBHOOK_NOT_FOUND`, `TOO_MANY_REQUESTS` */
  test(id: string, bodyAt: (nowMs: number) => string, signal: AbortSignal): Promise<MessageAnswer>;
}
