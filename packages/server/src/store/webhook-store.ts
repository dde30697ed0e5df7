import type { JobEvent } from '../job/event.ts';
import type { Job } from '../job/job.ts';
import type { DeliveryAttempt, DeliveryTally, FinishedNotice, WaitingNotice } from '../webhook/delivery.ts';
import type { Webhook } from '../webhook/webhook.ts';

/** What a store is opened with to keep events for webhooks. */
export interface OutboxOptions {
  /** Makes the body that is sent. Called inside the transaction, and only for an event that some webhook wants. */
  bodyOf(event: JobEvent, job: Job): string;
  /** Notices that wait for one webhook; beyond this number or size of bodies the oldest are dropped. */
  maxWaiting: number;
  maxWaitingBytes: number;
}

/**
 * Webhooks, and the outbox: what is still to be delivered to them. A notice is written in the transaction of its event, for each webhook that
 * is not disabled and wants it, and does not need the job or the event any more. Of the notices of one job to one webhook only the
 * first can be due. Writes resolve when they are on disk.
 */
export interface WebhookStore {
  /** In the order of their creation. */
  webhooks(): Promise<Webhook[]>;
  /** Stores a webhook over the one of its id. It holds for all events that are committed after this has resolved. */
  put(webhook: Webhook): Promise<void>;
  /** Whether there was one. What belongs to it is removed by {@link sweep}. */
  remove(webhookId: string): Promise<boolean>;
  /** Removes some of what belonged to webhooks that were removed; true as long as there is more. */
  sweep(): Promise<boolean>;

  /** Null where the id is unknown. */
  tally(webhookId: string): Promise<DeliveryTally | null>;
  /** Oldest event first. */
  waiting(webhookId: string, limit: number): Promise<WaitingNotice[]>;
  /** The last ones first; a hundred are kept. */
  finished(webhookId: string, limit: number): Promise<FinishedNotice[]>;

  /** Those with a due time, whether it has come or not, the earliest first. */
  nextDue(webhookId: string, limit: number): Promise<(WaitingNotice & { dueAtMs: number })[]>;
  /** What is to be sent; null where the notice has left the outbox. */
  body(noticeId: number): Promise<string | null>;
  /** Counts an attempt that failed. Changes nothing where the notice has left the outbox. */
  postpone(noticeId: number, attempt: DeliveryAttempt, dueAtMs: number): Promise<void>;
  /** Takes a notice out of the outbox, delivered or given up; the next of its job becomes due. False where it had left before. */
  finish(noticeId: number, attempt: DeliveryAttempt, isDelivered: boolean): Promise<boolean>;
  /** Drops the oldest notices whose event happened before; some hundreds at most. Resolves to how many. */
  dropOlder(webhookId: string, beforeMs: number): Promise<number>;

  /** Called after each commit that has put notices into the outbox, with the webhooks they are for. */
  onWaiting(listener: (webhookIds: readonly string[]) => void): () => void;
}
