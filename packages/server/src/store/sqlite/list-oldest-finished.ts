import type { DatabaseSync } from 'node:sqlite';
import type { FinishedJob } from '../store.ts';
import { integerAt, textAt, textOrNullAt } from './column-value.ts';

/** Prepares the page of jobs that retention looks at first. */
export function prepareListOldestFinished(db: DatabaseSync): (limit: number) => FinishedJob[] {
  const select = db.prepare(`
    SELECT id, seq, ended_at_ms, attempt_id, log_bytes FROM jobs
    WHERE ended_at_ms IS NOT NULL ORDER BY ended_at_ms, seq LIMIT ?`);
  return (limit) =>
    select.all(limit).map((row) => ({
      id: textAt(row, 0),
      seq: integerAt(row, 1),
      endedAtMs: integerAt(row, 2),
      attemptId: textOrNullAt(row, 3),
      logBytes: integerAt(row, 4),
    }));
}
