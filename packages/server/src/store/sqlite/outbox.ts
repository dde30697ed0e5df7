import type { DatabaseSync } from 'node:sqlite';
import type { JobEvent } from '../../job/event.ts';
import type { Job } from '../../job/job.ts';
import type { DeliveryAttempt } from '../../webhook/delivery.ts';
import { wantsEvent } from '../../webhook/wants-event.ts';
import type { OutboxOptions } from '../webhook-store.ts';
import { integerAt, type Row } from './column-value.ts';
import type { FinishedNotices } from './finished-notices.ts';
import type { KnownWebhook, WebhookTable } from './webhook-table.ts';

/** A write keeps the event loop no longer than this many notices take. */
const DROPS_PER_WRITE = 500;

/** The ways to change the outbox. Each runs inside a transaction. */
export interface Outbox {
  /** Puts an event aside for each webhook that wants it; answers their ids. */
  record(event: JobEvent, job: Job): readonly string[];
  postpone(noticeId: number, attempt: DeliveryAttempt, dueAtMs: number): void;
  /** False where it has left before. */
  finish(noticeId: number, attempt: DeliveryAttempt, isDelivered: boolean): boolean;
  /** Some of the oldest whose event happened before; answers how many. */
  dropOlder(webhookSeq: number, beforeMs: number): number;
  /** Some of what a removed webhook has left; answers how many. */
  clear(webhookSeq: number): number;
}

const NOBODY: readonly string[] = [];

export function prepareOutbox(
  db: DatabaseSync,
  webhooks: WebhookTable,
  finished: FinishedNotices,
  { bodyOf, maxWaiting, maxWaitingBytes }: OutboxOptions,
): Outbox {
  const insert = db.prepare(`
    INSERT INTO outbox (webhook_seq, job_seq, job_id, event_id, type, at_ms, attempts, due_at_ms, body_bytes, body)
    VALUES (:webhook, :jobSeq, :jobId, :eventId, :type, :atMs, 0,
      iif(EXISTS (SELECT 1 FROM outbox WHERE webhook_seq = :webhook AND job_seq = :jobSeq), NULL, :atMs),
      :bytes, :body)`);
  const selectOldest = db.prepare('SELECT id, at_ms FROM outbox WHERE webhook_seq = ? ORDER BY id LIMIT 1');
  const remove = db.prepare(`
    DELETE FROM outbox WHERE id = ?
    RETURNING webhook_seq, job_seq, body_bytes, job_id, event_id, type, at_ms, attempts`);
  const promote = db.prepare(`
    UPDATE outbox SET due_at_ms = at_ms
    WHERE id = (SELECT min(id) FROM outbox WHERE webhook_seq = ? AND job_seq = ?) AND due_at_ms IS NULL`);
  const postpone = db.prepare(
    'UPDATE outbox SET attempts = attempts + 1, last_attempt = ?, due_at_ms = ? WHERE id = ?',
  );
  const clear = db.prepare(`
    DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE webhook_seq = ? LIMIT ${DROPS_PER_WRITE})`);

  /** Takes a notice out; null where it is not there. */
  function take(noticeId: number, become: 'delivered' | 'dropped'): Row | null {
    const row = remove.get(noticeId);
    if (row === undefined) return null;
    const [webhookSeq, jobSeq, bytes] = [integerAt(row, 0), integerAt(row, 1), integerAt(row, 2)];
    promote.run(webhookSeq, jobSeq);
    const step = { waiting: -1, waitingBytes: -bytes, delivered: 0, dropped: 0 };
    webhooks.addToTally(webhookSeq, { ...step, [become]: 1 });
    return row;
  }

  function oldest(webhookSeq: number): { id: number; atMs: number } | null {
    const row = selectOldest.get(webhookSeq);
    return row === undefined ? null : { id: integerAt(row, 0), atMs: integerAt(row, 1) };
  }

  function add({ seq }: KnownWebhook, event: JobEvent, job: Job, body: string): void {
    const bytes = Buffer.byteLength(body);
    const { id: eventId, type, atMs } = event;
    insert.run({ webhook: seq, jobSeq: job.seq, jobId: job.id, eventId, type, atMs, bytes, body });
    let tally = webhooks.addToTally(seq, { waiting: 1, waitingBytes: bytes, delivered: 0, dropped: 0 });
    while (tally.waiting > maxWaiting || tally.waitingBytes > maxWaitingBytes) {
      const first = oldest(seq);
      if (first === null) return;
      take(first.id, 'dropped');
      tally = webhooks.tally(seq);
    }
  }

  return {
    record(event, job) {
      const all = webhooks.recipients();
      if (all.length === 0) return NOBODY;
      const recipients = all.filter(({ webhook }) => wantsEvent(webhook.filter, event, job));
      if (recipients.length === 0) return NOBODY;
      const body = bodyOf(event, job);
      for (const recipient of recipients) add(recipient, event, job, body);
      return recipients.map(({ webhook }) => webhook.id);
    },

    postpone(noticeId, attempt, dueAtMs) {
      postpone.run(JSON.stringify(attempt), dueAtMs, noticeId);
    },

    finish(noticeId, attempt, isDelivered) {
      const row = take(noticeId, isDelivered ? 'delivered' : 'dropped');
      if (row === null) return false;
      finished.add(row, attempt, isDelivered);
      return true;
    },

    dropOlder(webhookSeq, beforeMs) {
      let dropped = 0;
      for (let first = oldest(webhookSeq); first !== null; first = oldest(webhookSeq)) {
        if (first.atMs >= beforeMs || dropped === DROPS_PER_WRITE) break;
        take(first.id, 'dropped');
        dropped += 1;
      }
      return dropped;
    },

    clear: (webhookSeq) => Number(clear.run(webhookSeq).changes),
  };
}
