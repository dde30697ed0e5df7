import type { DatabaseSync } from 'node:sqlite';
import type { KeptSchedule, Schedule, ScheduleProgress } from '../../schedule/schedule.ts';
import { textAt } from './column-value.ts';

/** The statements on schedules. Those that write run inside a transaction. */
export interface ScheduleTable {
  all(): KeptSchedule[];
  put(schedule: Schedule, progress: ScheduleProgress): void;
  remove(name: string): boolean;
  saveProgress(name: string, progress: ScheduleProgress): void;
  /** False, and nothing is written, where the schedule is gone, or an occurrence as late as this one was begun before. */
  begin(name: string, progress: ScheduleProgress): boolean;
  unfinishedJobs(name: string, limit: number): string[];
}

export function prepareScheduleTable(db: DatabaseSync): ScheduleTable {
  const select = db.prepare('SELECT settings, progress FROM schedules ORDER BY name');
  const upsert = db.prepare(`
    INSERT INTO schedules (name, settings, progress, last_started_ms) VALUES (?, ?, ?, ?)
    ON CONFLICT (name) DO UPDATE SET settings = excluded.settings, progress = excluded.progress`);
  const remove = db.prepare('DELETE FROM schedules WHERE name = ?');
  const updateProgress = db.prepare('UPDATE schedules SET progress = ? WHERE name = ?');
  const begin = db.prepare(`
    UPDATE schedules SET progress = ?, last_started_ms = ?
    WHERE name = ? AND (last_started_ms IS NULL OR last_started_ms < ?)`);
  const selectUnfinished = db.prepare(`
    SELECT id FROM jobs WHERE schedule = ? AND ended_at_ms IS NULL AND array_id IS NULL ORDER BY seq LIMIT ?`);

  return {
    all: () =>
      select.all().map((row) => ({ schedule: JSON.parse(textAt(row, 0)), progress: JSON.parse(textAt(row, 1)) })),
    put(schedule, progress) {
      upsert.run(schedule.name, JSON.stringify(schedule), JSON.stringify(progress), progress.lastStartedMs);
    },
    remove: (name) => remove.run(name).changes > 0,
    saveProgress(name, progress) {
      updateProgress.run(JSON.stringify(progress), name);
    },
    begin(name, progress) {
      const { lastStartedMs } = progress;
      return begin.run(JSON.stringify(progress), lastStartedMs, name, lastStartedMs).changes > 0;
    },
    unfinishedJobs: (name, limit) => selectUnfinished.all(name, limit).map((row) => textAt(row, 0)),
  };
}
