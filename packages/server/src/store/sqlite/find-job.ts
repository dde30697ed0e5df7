import type { DatabaseSync } from 'node:sqlite';
import type { Job } from '../../job/job.ts';
import { decodeJob, JOB_COLUMNS } from './job-row.ts';

export interface FindJob {
  byId(id: string): Job | null;
  bySeq(seq: number): Job | null;
}

export function prepareFindJob(db: DatabaseSync): FindJob {
  const selectById = db.prepare(`SELECT ${JOB_COLUMNS} FROM jobs WHERE id = ?`);
  const selectBySeq = db.prepare(`SELECT ${JOB_COLUMNS} FROM jobs WHERE seq = ?`);
  return {
    byId(id) {
      const row = selectById.get(id);
      return row === undefined ? null : decodeJob(row);
    },
    bySeq(seq) {
      const row = selectBySeq.get(seq);
      return row === undefined ? null : decodeJob(row);
    },
  };
}
