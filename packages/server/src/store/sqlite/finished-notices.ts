import type { DatabaseSync } from 'node:sqlite';
import type { DeliveryAttempt, FinishedNotice } from '../../webhook/delivery.ts';
import { integerAt, type Row, textAt } from './column-value.ts';
import { eventTypeOf } from './read-event.ts';

/** Of one webhook. */
const KEPT = 100;

/** The last notices of each webhook that have left the outbox after they were tried. Writes run inside a transaction. */
export interface FinishedNotices {
  /** @param row of the outbox: webhook_seq, job_seq, body_bytes, job_id, event_id, type, at_ms, attempts before the last one */
  add(row: Row, attempt: DeliveryAttempt, isDelivered: boolean): void;
  /** The last ones first. */
  list(webhook: { seq: number; id: string }, limit: number): FinishedNotice[];
  clear(webhookSeq: number): void;
}

export function prepareFinishedNotices(db: DatabaseSync): FinishedNotices {
  const insert = db.prepare(`
    INSERT INTO deliveries (webhook_seq, job_id, event_id, type, at_ms, attempts, is_delivered, last_attempt)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const prune = db.prepare(`
    DELETE FROM deliveries WHERE webhook_seq = :webhook
      AND id <= (SELECT id FROM deliveries WHERE webhook_seq = :webhook ORDER BY id DESC LIMIT 1 OFFSET ${KEPT})`);
  const select = db.prepare(`
    SELECT job_id, event_id, type, at_ms, attempts, is_delivered, last_attempt FROM deliveries
    WHERE webhook_seq = ? ORDER BY id DESC LIMIT ?`);
  const clear = db.prepare('DELETE FROM deliveries WHERE webhook_seq = ?');

  return {
    add(row, attempt, isDelivered) {
      const webhook = integerAt(row, 0);
      insert.run(
        ...[webhook, textAt(row, 3), integerAt(row, 4), textAt(row, 5), integerAt(row, 6), integerAt(row, 7) + 1],
        ...[isDelivered ? 1 : 0, JSON.stringify(attempt)],
      );
      prune.run({ webhook });
    },
    list: ({ seq, id }, limit) =>
      select.all(seq, limit).map((row) => {
        const lastAttempt: DeliveryAttempt = JSON.parse(textAt(row, 6));
        return {
          webhookId: id,
          jobId: textAt(row, 0),
          eventId: integerAt(row, 1),
          type: eventTypeOf(textAt(row, 2)),
          atMs: integerAt(row, 3),
          attempts: integerAt(row, 4),
          isDelivered: integerAt(row, 5) === 1,
          lastAttempt,
        };
      }),
    clear(webhookSeq) {
      clear.run(webhookSeq);
    },
  };
}
