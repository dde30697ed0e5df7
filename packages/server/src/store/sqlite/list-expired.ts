import type { DatabaseSync } from 'node:sqlite';
import { textAt } from './column-value.ts';

/** Prepares the page of jobs whose own time after their end is over. */
export function prepareListExpired(db: DatabaseSync): (nowMs: number, limit: number) => string[] {
  const select = db.prepare('SELECT id FROM jobs WHERE expires_at_ms <= ? ORDER BY expires_at_ms LIMIT ?');
  return (nowMs, limit) => select.all(nowMs, limit).map((row) => textAt(row, 0));
}
