import type { DatabaseSync } from 'node:sqlite';
import type { EventBounds, TenantEvent } from '../store.ts';
import { integerAt, integerOrNullAt, textAt } from './column-value.ts';
import { EVENT_COLUMNS, readEvent } from './read-event.ts';

export interface ListAllEvents {
  page(afterId: number, limit: number): TenantEvent[];
  bounds(): EventBounds;
}

/** Prepares the read of what happened to all jobs. */
export function prepareListAllEvents(db: DatabaseSync): ListAllEvents {
  const select = db.prepare(`
    SELECT ${EVENT_COLUMNS}, jobs.id, jobs.tenant FROM events JOIN jobs ON jobs.seq = events.job_seq
    WHERE events.id > ? ORDER BY events.id LIMIT ?`);
  const selectOldest = db.prepare('SELECT min(id) FROM events');
  // The highest id that was ever given, also where its event has gone with its job.
  const selectNewest = db.prepare("SELECT max(seq) FROM sqlite_sequence WHERE name = 'events'");

  return {
    page: (afterId, limit) =>
      select.all(afterId, limit).map((row) => ({ ...readEvent(row, textAt(row, 5)), tenant: textAt(row, 6) })),
    bounds() {
      const newestId = integerOrNullAt(selectNewest.get() ?? {}, 0) ?? 0;
      const oldest = selectOldest.get();
      const oldestId = oldest === undefined || oldest[0] === null ? newestId + 1 : integerAt(oldest, 0);
      return { oldestId, newestId };
    },
  };
}
