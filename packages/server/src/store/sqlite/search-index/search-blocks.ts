import type { DatabaseSync } from 'node:sqlite';
import { bytesOrNullAt, integerAt, integerOrNullAt } from '../column-value.ts';
import type { SeqRange } from '../list/seq-range.ts';
import { LONGEST_TEXT_BYTES } from './block-builder.ts';
import { SHELVES } from './postings.ts';

/** What the index keeps of a block. */
export interface BlockContents {
  range: SeqRange;
  longTexts: Uint8Array;
  shelves: readonly { shelf: number; postings: Uint8Array }[];
}

/** The statements that write the index, and read what it is made of. */
export interface SearchBlocks {
  /** Seqs below this one are in the index, or have no job. */
  coveredTo(): number;
  newestSeq(): number;
  /** The lowest seq of a job at or above this one. */
  firstJobFrom(seq: number): number | null;
  /** The texts of the next jobs; null for those that are too long. */
  texts(range: SeqRange, limit: number): { seq: number; text: Uint8Array | null }[];
  /** Adds a block, unless its jobs have gone meanwhile. Inside a transaction. */
  add(contents: BlockContents): void;
}

export function prepareSearchBlocks(db: DatabaseSync): SearchBlocks {
  const selectEnd = db.prepare('SELECT max(end_seq) FROM search_blocks');
  const selectLastBlock = db.prepare('SELECT max(block) FROM search_blocks');
  const selectNewest = db.prepare('SELECT max(seq) FROM job_search');
  const selectFirst = db.prepare('SELECT min(seq) FROM job_search WHERE seq >= ?');
  const selectTexts = db.prepare(`
    SELECT seq, CASE WHEN octet_length(text) <= ${LONGEST_TEXT_BYTES} THEN CAST(text AS BLOB) END
    FROM job_search WHERE seq >= ? AND seq < ? ORDER BY seq LIMIT ?`);
  const insertBlock = db.prepare(
    'INSERT INTO search_blocks (block, first_seq, end_seq, long_texts) VALUES (?, ?, ?, ?)',
  );
  const insertShelf = db.prepare('INSERT INTO search_shelves (shelf, postings) VALUES (?, ?)');
  const firstJobFrom = (seq: number) => integerOrNullAt(selectFirst.get(seq) ?? {}, 0);

  return {
    coveredTo: () => integerOrNullAt(selectEnd.get() ?? {}, 0) ?? 0,
    newestSeq: () => integerOrNullAt(selectNewest.get() ?? {}, 0) ?? 0,
    firstJobFrom,
    texts: ({ firstSeq, endSeq }, limit) =>
      selectTexts.all(firstSeq, endSeq, limit).map((row) => ({ seq: integerAt(row, 0), text: bytesOrNullAt(row, 1) })),
    add({ range, longTexts, shelves }) {
      const first = firstJobFrom(range.firstSeq);
      if (first === null || first >= range.endSeq) return;
      const block = (integerOrNullAt(selectLastBlock.get() ?? {}, 0) ?? -1) + 1;
      insertBlock.run(block, range.firstSeq, range.endSeq, longTexts);
      for (const { shelf, postings } of shelves) insertShelf.run(block * SHELVES + shelf, postings);
    },
  };
}

/** Prepares the removal of the block around a job that has gone, where it was the last one of it. Inside a transaction. */
export function prepareRemoveEmptyBlock(db: DatabaseSync): (seq: number) => void {
  const deleteBlock = db.prepare(`
    DELETE FROM search_blocks
    WHERE first_seq = (SELECT max(first_seq) FROM search_blocks WHERE first_seq <= :seq) AND end_seq > :seq
      AND NOT EXISTS (SELECT 1 FROM job_search j WHERE j.seq >= first_seq AND j.seq < end_seq)
    RETURNING block`);
  const deleteShelves = db.prepare('DELETE FROM search_shelves WHERE shelf >= ? AND shelf < ?');
  return (seq) => {
    const row = deleteBlock.get({ seq });
    if (row === undefined) return;
    const first = integerAt(row, 0) * SHELVES;
    deleteShelves.run(first, first + SHELVES);
  };
}
