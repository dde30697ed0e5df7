import type { DatabaseSync } from 'node:sqlite';
import type { JobEvent, JobEventType } from '../../job/event.ts';
import type { JsonObject } from '../../job/job.ts';
import { integerAt, textAt } from './column-value.ts';

const TYPES: ReadonlyMap<string, JobEventType> = new Map(
  (['submitted', 'handed_over', 'started', 'withdrawn', 'stop_requested', 'ended'] satisfies JobEventType[]).map(
    (type) => [type, type],
  ),
);

/** Prepares the read of a job's history; an unknown job has none. */
export function prepareListEvents(db: DatabaseSync): (jobId: string, afterId: number, limit: number) => JobEvent[] {
  const select = db.prepare(`
    SELECT id, type, at_ms, revision, detail FROM events
    WHERE job_seq = (SELECT seq FROM jobs WHERE id = ?) AND id > ? ORDER BY id LIMIT ?`);

  return (jobId, afterId, limit) =>
    select.all(jobId, afterId, limit).map((row) => {
      const detail: JsonObject = JSON.parse(textAt(row, 4));
      return {
        id: integerAt(row, 0),
        jobId,
        type: typeOf(textAt(row, 1)),
        atMs: integerAt(row, 2),
        revision: integerAt(row, 3),
        detail,
      };
    });
}

function typeOf(text: string): JobEventType {
  const type = TYPES.get(text);
  if (type === undefined) throw new Error(`the job store holds the unknown event type '${text}'`);
  return type;
}
