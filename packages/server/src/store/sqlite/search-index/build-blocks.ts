import { firstChunk, nextChunk } from '../list/chunk-size.ts';
import { createBlockBuilder } from './block-builder.ts';
import { SHELVES } from './postings.ts';
import type { BlockContents, SearchBlocks } from './search-blocks.ts';

export interface BlockSource {
  blocks: SearchBlocks;
  /** Seqs that a block spans: at most `SEARCH_BLOCK_SEQS`. */
  blockSeqs: number;
  /** The highest seq that was committed; no lower one will follow. */
  newestSeq(): number;
  /** Adds a block in a transaction. */
  add(contents: BlockContents): void;
}

const SHELVES_PER_STEP = 64;

/**
 * Makes all blocks that jobs are there for, in small steps: a turn of the event loop, and changes to the jobs, may lie
 * between any two. Answers the seq from which on the jobs do not fill a block yet.
 */
export function* buildBlocks({ blocks, blockSeqs, newestSeq, add }: BlockSource): Generator<void, number> {
  const builder = createBlockBuilder();
  let chunk = firstChunk(0, false);
  for (;;) {
    const coveredTo = blocks.coveredTo();
    const firstSeq = blocks.firstJobFrom(coveredTo);
    if (firstSeq === null) return coveredTo;
    const range = { firstSeq, endSeq: firstSeq + blockSeqs };
    if (newestSeq() < range.endSeq) return firstSeq;

    builder.clear();
    for (let nextSeq = firstSeq; nextSeq < range.endSeq; ) {
      const startedAtMs = performance.now();
      const jobs = blocks.texts({ ...range, firstSeq: nextSeq }, chunk);
      for (const { seq, text } of jobs) {
        if (builder.isFull()) {
          range.endSeq = seq;
          break;
        }
        builder.add(seq - firstSeq, text);
        nextSeq = seq + 1;
      }
      if (jobs.length < chunk) break;
      chunk = nextChunk(chunk, performance.now() - startedAtMs);
      yield;
    }

    const shelves: { shelf: number; postings: Uint8Array }[] = [];
    for (let shelf = 0; shelf < SHELVES; shelf++) {
      const postings = builder.shelf(shelf);
      if (postings !== null) shelves.push({ shelf, postings });
      if (shelf % SHELVES_PER_STEP === 0) yield;
    }
    yield;
    add({ range, longTexts: builder.longTexts(), shelves });
    yield;
  }
}
