import type { DatabaseSync } from 'node:sqlite';
import { bytesAt, integerAt, type Row } from '../column-value.ts';
import type { SeqRange } from '../list/seq-range.ts';
import { bucketsOfNeedle } from './grams.ts';
import { intersectDescending } from './intersect.ts';
import { findEntry, readOffsets, SHELVES, shelfOf } from './postings.ts';

/** So few candidates are looked at rather than made fewer. */
const FEW_CANDIDATES = 2;

/** Part of a range of seqs, at the end where a walk begins. */
export interface Span {
  range: SeqRange;
  /** All that may hold the needle, in the order of the walk; null for any. */
  candidates: number[] | null;
}

/** Answers the span at the beginning of a walk over what is left. */
export type FindSpan = (rest: SeqRange) => Span;

interface Block {
  number: number;
  range: SeqRange;
  longTexts: Uint8Array;
}

/** Prepares searches of the index. */
export function prepareTextSpans(db: DatabaseSync): (needle: string, isDescending: boolean) => FindSpan {
  const columns = 'block, first_seq, end_seq, long_texts';
  const selectBelow = db.prepare(
    `SELECT ${columns} FROM search_blocks WHERE first_seq < ? ORDER BY first_seq DESC LIMIT 1`,
  );
  const selectAbove = db.prepare(`SELECT ${columns} FROM search_blocks WHERE end_seq > ? ORDER BY end_seq LIMIT 1`);
  const selectShelf = db.prepare('SELECT postings FROM search_shelves WHERE shelf = ?');

  function blockAt({ firstSeq, endSeq }: SeqRange, isDescending: boolean): Block | null {
    const row = isDescending ? selectBelow.get(endSeq) : selectAbove.get(firstSeq);
    const block = row === undefined ? null : decodeBlock(row);
    const isBeyond = block !== null && (block.range.endSeq <= firstSeq || block.range.firstSeq >= endSeq);
    return isBeyond ? null : block;
  }

  function jobsWith(block: Block, bucket: number): number[] | null {
    const row = selectShelf.get(block.number * SHELVES + shelfOf(bucket));
    return row === undefined ? [] : findEntry(bytesAt(row, 0), bucket);
  }

  /** Offsets, highest first. What tells most comes to the front of the buckets, for the blocks that follow. */
  function candidatesIn(block: Block, buckets: number[]): number[] | null {
    let found: number[] | null = null;
    let rarest = { index: 0, jobs: Number.POSITIVE_INFINITY };
    for (const [index, bucket] of buckets.entries()) {
      const jobs = jobsWith(block, bucket);
      if (jobs === null) continue;
      if (jobs.length < rarest.jobs) rarest = { index, jobs: jobs.length };
      found = found === null ? jobs : intersectDescending(found, jobs);
      if (found.length <= FEW_CANDIDATES) break;
    }
    buckets.unshift(...buckets.splice(rarest.index, 1));
    if (found === null || block.longTexts.length === 0) return found;
    return [...found, ...readOffsets(block.longTexts)].sort((a, b) => b - a);
  }

  return (needle, isDescending) => {
    let buckets: number[] | null = null;
    return (rest) => {
      buckets ??= bucketsOfNeedle(needle);
      const block = buckets.length === 0 ? null : blockAt(rest, isDescending);
      if (block === null) return { range: rest, candidates: null };
      const { firstSeq, endSeq } = block.range;
      // Jobs that came after the last block, and seqs whose jobs are gone.
      if (isDescending && endSeq < rest.endSeq) return { range: { ...rest, firstSeq: endSeq }, candidates: null };
      if (!isDescending && firstSeq > rest.firstSeq) return { range: { ...rest, endSeq: firstSeq }, candidates: null };
      const range = { firstSeq: Math.max(firstSeq, rest.firstSeq), endSeq: Math.min(endSeq, rest.endSeq) };
      const seqs = candidatesIn(block, buckets)
        ?.map((offset) => firstSeq + offset)
        .filter((seq) => seq >= range.firstSeq && seq < range.endSeq);
      if (!isDescending) seqs?.reverse();
      return { range, candidates: seqs ?? null };
    };
  };
}

function decodeBlock(row: Row): Block {
  return {
    number: integerAt(row, 0),
    range: { firstSeq: integerAt(row, 1), endSeq: integerAt(row, 2) },
    longTexts: bytesAt(row, 3),
  };
}
