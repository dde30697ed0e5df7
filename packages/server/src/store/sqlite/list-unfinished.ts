import type { DatabaseSync } from 'node:sqlite';
import type { Job } from '../../job/job.ts';
import { decodeJob, JOB_COLUMNS } from './job-row.ts';
import { UNFINISHED_NUMBERS } from './status-number.ts';

/** Prepares the page of jobs that have not ended, oldest first: one range of the status index each, merged. */
export function prepareListUnfinished(db: DatabaseSync): (afterSeq: number, limit: number) => Job[] {
  const ranges = UNFINISHED_NUMBERS.map(
    (status) =>
      `SELECT * FROM (SELECT seq FROM jobs WHERE status = ${status} AND seq > :afterSeq ORDER BY seq LIMIT :limit)`,
  );
  const select = db.prepare(`
    SELECT ${JOB_COLUMNS} FROM jobs
    WHERE seq IN (${ranges.join(' UNION ALL ')} ORDER BY seq LIMIT :limit) ORDER BY seq`);
  return (afterSeq, limit) => select.all({ afterSeq, limit }).map(decodeJob);
}
