import type { DatabaseSync } from 'node:sqlite';
import type { DeliveryAttempt, WaitingNotice } from '../../webhook/delivery.ts';
import { integerAt, integerOrNullAt, type Row, textAt, textOrNullAt } from './column-value.ts';
import { eventTypeOf } from './read-event.ts';

/** What waits in the outbox, read without the bodies. */
export interface WaitingNotices {
  oldest(webhook: { seq: number; id: string }, limit: number): WaitingNotice[];
  /** Those with a due time, the earliest first. */
  nextDue(webhook: { seq: number; id: string }, limit: number): (WaitingNotice & { dueAtMs: number })[];
  body(noticeId: number): string | null;
}

const COLUMNS = 'id, job_seq, job_id, event_id, type, at_ms, attempts, due_at_ms, last_attempt, body_bytes';

export function prepareWaitingNotices(db: DatabaseSync): WaitingNotices {
  const selectOldest = db.prepare(`SELECT ${COLUMNS} FROM outbox WHERE webhook_seq = ? ORDER BY id LIMIT ?`);
  const selectDue = db.prepare(`
    SELECT ${COLUMNS} FROM outbox WHERE webhook_seq = ? AND due_at_ms IS NOT NULL ORDER BY due_at_ms, id LIMIT ?`);
  const selectBody = db.prepare('SELECT body FROM outbox WHERE id = ?');

  return {
    oldest: ({ seq, id }, limit) => selectOldest.all(seq, limit).map((row) => readNotice(row, id)),
    nextDue: ({ seq, id }, limit) =>
      selectDue.all(seq, limit).map((row) => ({ ...readNotice(row, id), dueAtMs: integerAt(row, 7) })),
    body(noticeId) {
      const row = selectBody.get(noticeId);
      return row === undefined ? null : textAt(row, 0);
    },
  };
}

function readNotice(row: Row, webhookId: string): WaitingNotice {
  const attempt = textOrNullAt(row, 8);
  const lastAttempt: DeliveryAttempt | null = attempt === null ? null : JSON.parse(attempt);
  return {
    webhookId,
    id: integerAt(row, 0),
    jobSeq: integerAt(row, 1),
    bodyBytes: integerAt(row, 9),
    jobId: textAt(row, 2),
    eventId: integerAt(row, 3),
    type: eventTypeOf(textAt(row, 4)),
    atMs: integerAt(row, 5),
    attempts: integerAt(row, 6),
    dueAtMs: integerOrNullAt(row, 7),
    lastAttempt,
  };
}
