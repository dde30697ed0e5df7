import type { DatabaseSync } from 'node:sqlite';
import type { JobEvent } from '../../job/event.ts';
import { EVENT_COLUMNS, readEvent } from './read-event.ts';

/** Prepares the read of a job's history; an unknown job has none. */
export function prepareListEvents(db: DatabaseSync): (jobId: string, afterId: number, limit: number) => JobEvent[] {
  const select = db.prepare(`
    SELECT ${EVENT_COLUMNS} FROM events
    WHERE job_seq = (SELECT seq FROM jobs WHERE id = ?) AND id > ? ORDER BY id LIMIT ?`);

  return (jobId, afterId, limit) => select.all(jobId, afterId, limit).map((row) => readEvent(row, jobId));
}
