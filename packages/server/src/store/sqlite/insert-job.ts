import type { DatabaseSync } from 'node:sqlite';
import type { Job } from '../../job/job.ts';
import { encodeFixed, encodeMutable, FIXED_COLUMNS, MUTABLE_COLUMNS } from './job-row.ts';
import { searchText } from './search-text.ts';
import { blockOf } from './submit-blocks.ts';

/** Prepares the insert of a job with everything that lists find it by; null where the id is taken. */
export function prepareInsertJob(db: DatabaseSync): (job: Job) => Job | null {
  const columns = [...FIXED_COLUMNS, ...MUTABLE_COLUMNS];
  const insertRow = db.prepare(
    `INSERT INTO jobs (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ON CONFLICT (id) DO NOTHING`,
  );
  const insertMetadata = db.prepare('INSERT INTO job_metadata (key, value, seq) VALUES (?, ?, ?)');
  const insertSearch = db.prepare('INSERT INTO job_search (seq, text) VALUES (?, ?)');
  const widenBlock = db.prepare(`
    INSERT INTO submit_blocks (block, earliest_ms, latest_ms) VALUES (?, ?, ?)
    ON CONFLICT (block) DO UPDATE SET
      earliest_ms = min(earliest_ms, excluded.earliest_ms), latest_ms = max(latest_ms, excluded.latest_ms)`);

  return (job) => {
    const { changes, lastInsertRowid } = insertRow.run(...encodeFixed(job), ...encodeMutable(job));
    if (changes === 0) return null;
    const seq = Number(lastInsertRowid);
    for (const [key, value] of Object.entries(job.spec.metadata)) insertMetadata.run(key, value, seq);
    insertSearch.run(seq, searchText(job));
    widenBlock.run(blockOf(seq), job.submittedAtMs, job.submittedAtMs);
    return { ...job, seq };
  };
}
