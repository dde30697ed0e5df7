import type { ScheduleStore } from '../schedule-store.ts';
import type { WriteResult } from './group-commit.ts';
import type { CommittedChange, JobWrites } from './job-writes.ts';
import type { StoreAccess } from './rule-store.ts';
import type { ScheduleTable } from './schedule-table.ts';

/** @param writeChange a write that tells what it did to a job */
export function createScheduleStore(
  table: ScheduleTable,
  writes: Pick<JobWrites, 'insert'>,
  { read, write }: StoreAccess,
  writeChange: <Answer>(run: () => WriteResult<Answer, CommittedChange>) => Promise<Answer>,
): ScheduleStore {
  return {
    schedules: () => read(table.all),
    put: (schedule, progress) => write(() => table.put(schedule, progress)),
    remove: (name) => write(() => table.remove(name)),
    saveProgress: (name, progress) => write(() => table.saveProgress(name, progress)),
    start: (name, job, progress) =>
      writeChange(() => {
        if (!table.begin(name, progress)) return { answer: null, change: null };
        const inserted = writes.insert(job);
        // Undoes the begin as well.
        if (inserted.answer === null) throw new Error(`the id ${job.id} of a scheduled job is taken`);
        return inserted;
      }),
    unfinishedJobs: (name, limit) => read(() => table.unfinishedJobs(name, limit)),
  };
}
