import type { DatabaseSync } from 'node:sqlite';
import type { JobFilter } from '../store.ts';
import { integerAt } from './column-value.ts';

/** Seqs per block. Part of the schema: `submit_blocks` was filled with it. */
export const BLOCK_SEQS = 1024;

export function blockOf(seq: number): number {
  return Math.floor(seq / BLOCK_SEQS);
}

/** Seqs outside of which no job can lie in the time window. */
export interface SeqBounds {
  /** Inclusive. */
  firstSeq: number;
  /** Exclusive. */
  endSeq: number;
}

/**
 * Prepares the look-up of where a filter's submit times can lie; null for nowhere. Blocks overlap where the clock
 * went back, so rows inside the bounds still have to be compared.
 */
export function prepareSubmitBounds(db: DatabaseSync): (filter: JobFilter) => SeqBounds | null {
  const firstBlock = db.prepare('SELECT block FROM submit_blocks WHERE latest_ms >= ? ORDER BY block LIMIT 1');
  const lastBlock = db.prepare('SELECT block FROM submit_blocks WHERE earliest_ms < ? ORDER BY block DESC LIMIT 1');

  return ({ submittedAfterMs, submittedBeforeMs }) => {
    const bounds = { firstSeq: 0, endSeq: Number.MAX_SAFE_INTEGER };
    if (submittedAfterMs !== undefined) {
      const row = firstBlock.get(submittedAfterMs);
      if (row === undefined) return null;
      bounds.firstSeq = integerAt(row, 0) * BLOCK_SEQS;
    }
    if (submittedBeforeMs !== undefined) {
      const row = lastBlock.get(submittedBeforeMs);
      if (row === undefined) return null;
      bounds.endSeq = (integerAt(row, 0) + 1) * BLOCK_SEQS;
    }
    return bounds;
  };
}
