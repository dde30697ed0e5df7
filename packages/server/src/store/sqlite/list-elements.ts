import type { DatabaseSync } from 'node:sqlite';
import { textAt } from './column-value.ts';

/** Prepares the list of elements that have become jobs and are still there, the oldest first. */
export function prepareListElements(db: DatabaseSync): (arrayId: string, limit: number) => string[] {
  const select = db.prepare('SELECT id FROM jobs WHERE array_id = ? ORDER BY seq LIMIT ?');
  return (arrayId, limit) => select.all(arrayId, limit).map((row) => textAt(row, 0));
}
