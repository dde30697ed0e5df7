import { JOB_EVENT_TYPES, type JobEvent, type JobEventType } from '../../job/event.ts';
import type { JsonObject } from '../../job/job.ts';
import { integerAt, type Row, textAt } from './column-value.ts';

/** What {@link readEvent} reads, in its order, of the table `events`; the job's id comes beside it. */
export const EVENT_COLUMNS = 'events.id, type, at_ms, events.revision, detail';

const TYPES: ReadonlyMap<string, JobEventType> = new Map(JOB_EVENT_TYPES.map((type) => [type, type]));

/** A row of {@link EVENT_COLUMNS} as an event. */
export function readEvent(row: Row, jobId: string): JobEvent {
  const detail: JsonObject = JSON.parse(textAt(row, 4));
  return {
    id: integerAt(row, 0),
    jobId,
    type: eventTypeOf(textAt(row, 1)),
    atMs: integerAt(row, 2),
    revision: integerAt(row, 3),
    detail,
  };
}

/** @throws {Error} for a text that is no type: the file is damaged. */
export function eventTypeOf(text: string): JobEventType {
  const type = TYPES.get(text);
  if (type === undefined) throw new Error(`the job store holds the unknown event type '${text}'`);
  return type;
}
