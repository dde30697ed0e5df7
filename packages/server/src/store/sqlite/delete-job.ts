import type { DatabaseSync } from 'node:sqlite';
import type { Job } from '../../job/job.ts';
import { prepareRemoveEmptyBlock } from './search-index/search-blocks.ts';
import { BLOCK_SEQS, blockOf } from './submit-blocks.ts';

/** Prepares the removal of a job's row and of all that hangs on it. */
export function prepareDeleteJob(db: DatabaseSync): (job: Job) => void {
  // The history and the search text go with the row, by their foreign keys.
  const deleteRow = db.prepare('DELETE FROM jobs WHERE seq = ?');
  const deleteMetadata = db.prepare('DELETE FROM job_metadata WHERE key = ? AND value = ? AND seq = ?');
  const removeEmptySearchBlock = prepareRemoveEmptyBlock(db);
  const deleteEmptyBlock = db.prepare(`
    DELETE FROM submit_blocks
    WHERE block = :block AND NOT EXISTS (SELECT 1 FROM jobs WHERE seq >= :first AND seq < :end)`);

  return (job) => {
    deleteRow.run(job.seq);
    for (const [key, value] of Object.entries(job.spec.metadata)) deleteMetadata.run(key, value, job.seq);
    const block = blockOf(job.seq);
    deleteEmptyBlock.run({ block, first: block * BLOCK_SEQS, end: (block + 1) * BLOCK_SEQS });
    removeEmptySearchBlock(job.seq);
  };
}
