import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBlockBuilder, LONGEST_TEXT_BYTES } from '../../../../src/store/sqlite/search-index/block-builder.ts';
import { bucketsOfNeedle } from '../../../../src/store/sqlite/search-index/grams.ts';
import {
  findEntry,
  readOffsets,
  SEARCH_BLOCK_SEQS,
  shelfOf,
} from '../../../../src/store/sqlite/search-index/postings.ts';

const builder = createBlockBuilder();

/** The offsets of the jobs that the block says may have the gram; null for any. */
function jobsWith(gram: string): number[] | null {
  const [bucket] = bucketsOfNeedle(gram);
  if (bucket === undefined) throw new Error(`'${gram}' is no gram`);
  const shelf = builder.shelf(shelfOf(bucket));
  return shelf === null ? [] : findEntry(shelf, bucket);
}

test('a block knows which of its jobs have a gram, newest first, unless many have it', () => {
  const someGram = fc.constantFrom('abc', 'def', 'ghi', 'xyz', 'ж1');
  const someText = fc.array(someGram, { maxLength: 3 }).map((grams) => grams.join(' '));
  fc.assert(
    fc.property(fc.array(someText, { maxLength: 60 }), (texts) => {
      builder.clear();
      for (const [index, text] of texts.entries()) builder.add(2 * index, Buffer.from(text));
      for (const gram of ['abc', 'def', 'ghi', 'xyz', 'ж1']) {
        const having = texts.flatMap((text, index) => (text.includes(gram) ? [2 * index] : [])).reverse();
        expect(jobsWith(gram)).toEqual(having.length * 4 > texts.length ? null : having);
      }
    }),
  );
});

test('nothing is left of the block before', () => {
  builder.clear();
  builder.add(5, Buffer.from('abc'));
  builder.add(6, null);
  builder.clear();
  expect(builder.jobs()).toBe(0);
  expect(builder.longTexts()).toHaveLength(0);
  expect(jobsWith('abc')).toEqual([]);
  for (let offset = 0; offset < 8; offset++) builder.add(offset, Buffer.from(offset === 5 ? 'abc' : 'other'));
  expect(jobsWith('abc')).toEqual([5]);
});

test('jobs with long texts are named, newest first', () => {
  builder.clear();
  for (let offset = 0; offset < 300; offset++) builder.add(offset, offset % 100 === 7 ? null : Buffer.from('x'));
  expect(readOffsets(builder.longTexts())).toEqual([207, 107, 7]);
});

test('a block is full before its memory is', () => {
  builder.clear();
  let offset = 0;
  for (; !builder.isFull() && offset < SEARCH_BLOCK_SEQS; offset++) {
    const text = Buffer.alloc(LONGEST_TEXT_BYTES);
    for (let at = 0; at + 3 < text.length; at += 3) text.writeUIntBE((offset * 7919 + at * 104729) & 0xffffff, at, 3);
    builder.add(offset, text);
  }
  expect(offset).toBeGreaterThan(60);
  expect(offset).toBeLessThan(SEARCH_BLOCK_SEQS);
  const listed = Array.from({ length: 512 }, (_, shelf) => builder.shelf(shelf)?.length ?? 0);
  expect(Math.min(...listed)).toBeGreaterThan(0);
});
