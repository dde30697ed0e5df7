import type { JobEventType } from '../job/event.ts';

/** What one attempt at a delivery came to. */
export interface DeliveryAttempt {
  atMs: number;
  durationMs: number;
  /** Of the answer; null where there was none. */
  status: number | null;
  /** Why it failed, in words; null where it succeeded. */
  problem: string | null;
}

/** An event on its way to one webhook. */
export interface Notice {
  webhookId: string;
  eventId: number;
  jobId: string;
  type: JobEventType;
  /** When it happened. */
  atMs: number;
  /** Deliveries that were tried so far. */
  attempts: number;
}

/** One that waits in the outbox. */
export interface WaitingNotice extends Notice {
  /** Ascending in the order of the events, and never used again. */
  id: number;
  jobSeq: number;
  bodyBytes: number;
  /** Null while an earlier event of the job waits for the same webhook. */
  dueAtMs: number | null;
  lastAttempt: DeliveryAttempt | null;
}

/** One that has left the outbox after it was tried. */
export interface FinishedNotice extends Notice {
  /** False where it was given up. */
  isDelivered: boolean;
  lastAttempt: DeliveryAttempt;
}

/** What has become of all events for one webhook. */
export interface DeliveryTally {
  waiting: number;
  /** Size of the bodies that wait. */
  waitingBytes: number;
  delivered: number;
  /** Given up, or dropped since too many waited or they had become too old. */
  dropped: number;
}

/** By what a receiver recognises a message that comes again. */
export function messageId(webhookId: string, eventId: number): string {
  return `msg_${webhookId.replace(/^wh_/, '')}_${eventId}`;
}
