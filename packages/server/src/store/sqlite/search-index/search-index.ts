import type { DatabaseSync } from 'node:sqlite';
import { buildBlocks } from './build-blocks.ts';
import { type Filling, startFilling } from './fill-index.ts';
import { SEARCH_BLOCK_SEQS } from './postings.ts';
import { prepareSearchBlocks } from './search-blocks.ts';

export interface SearchSizes {
  /** Seqs that a block spans, at most {@link SEARCH_BLOCK_SEQS}. */
  blockSeqs: number;
  /** Candidates that a search looks at before it asks the index: a text that many jobs have is found there sooner. */
  firstLook: number;
}

export const SEARCH_SIZES: SearchSizes = { blockSeqs: SEARCH_BLOCK_SEQS, firstLook: 256 };

export interface SearchIndexOptions {
  db: DatabaseSync;
  /** Runs writes in a transaction of their own. */
  runAlone(run: () => void): void;
  /** Seqs that a block spans. */
  blockSeqs: number;
  onFailure(error: unknown): void;
}

/**
 * Brings the index of the search texts up to date with the jobs, and keeps it there. It lags behind them: what it does not
 * cover is searched without it.
 */
export function startSearchIndex({ db, runAlone, blockSeqs, onFailure }: SearchIndexOptions): Filling {
  const blocks = prepareSearchBlocks(db);
  return startFilling({
    work: (newestSeq) =>
      buildBlocks({ blocks, blockSeqs, newestSeq, add: (contents) => runAlone(() => blocks.add(contents)) }),
    batchSeqs: blockSeqs,
    coveredTo: blocks.coveredTo(),
    newestSeq: blocks.newestSeq(),
    onFailure,
  });
}
