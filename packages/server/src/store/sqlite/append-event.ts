import type { DatabaseSync } from 'node:sqlite';
import type { JobEvent } from '../../job/event.ts';

/** Prepares the append to a job's history; answers the event with its id. */
export function prepareAppendEvent(db: DatabaseSync): (jobSeq: number, event: JobEvent) => JobEvent {
  const insert = db.prepare('INSERT INTO events (job_seq, type, at_ms, revision, detail) VALUES (?, ?, ?, ?, ?)');
  return (jobSeq, event) => {
    const detail = JSON.stringify(event.detail);
    const { lastInsertRowid } = insert.run(jobSeq, event.type, event.atMs, event.revision, detail);
    return { ...event, id: Number(lastInsertRowid) };
  };
}
