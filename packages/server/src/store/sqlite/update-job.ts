import type { DatabaseSync } from 'node:sqlite';
import type { Job } from '../../job/job.ts';
import { encodeMutable, MUTABLE_COLUMNS } from './job-row.ts';

/** Prepares the write of a changed job over its row. */
export function prepareUpdateJob(db: DatabaseSync): (job: Job) => void {
  const assignments = MUTABLE_COLUMNS.map((column) => `${column} = ?`).join(', ');
  const update = db.prepare(`UPDATE jobs SET ${assignments} WHERE seq = ?`);
  return (job) => {
    update.run(...encodeMutable(job), job.seq);
  };
}
