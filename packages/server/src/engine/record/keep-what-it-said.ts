import type { AttemptRecord } from './grammar.ts';

/** A record that was there once, and is removed or damaged now: what it said still holds. */
export function keepWhatItSaid(record: AttemptRecord | null, last: AttemptRecord | null): AttemptRecord | null {
  if (record === null || last === null) return record ?? last;
  return {
    ...record,
    supervisor: record.supervisor ?? last.supervisor,
    place: record.place ?? last.place,
    driver: record.driver ?? last.driver,
  };
}
