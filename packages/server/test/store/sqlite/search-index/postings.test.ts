import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUCKETS } from '../../../../src/store/sqlite/search-index/grams.ts';
import {
  BUCKETS_PER_SHELF,
  findEntry,
  LONGEST_SHELF_BYTES,
  readOffsets,
  SEARCH_BLOCK_SEQS,
  SHELVES,
  shelfOf,
  writeEntry,
  writeOffsets,
} from '../../../../src/store/sqlite/search-index/postings.ts';

const someOffsets = fc
  .uniqueArray(fc.nat(SEARCH_BLOCK_SEQS - 1), { maxLength: 300 })
  .map((offsets) => offsets.sort((a, b) => b - a));

test('offsets are read as they were written', () => {
  const bytes = new Uint8Array(2 * SEARCH_BLOCK_SEQS);
  fc.assert(
    fc.property(someOffsets, (offsets) => {
      expect(readOffsets(bytes.slice(0, writeOffsets(bytes, 0, offsets)))).toEqual(offsets);
    }),
  );
  const all = Array.from({ length: SEARCH_BLOCK_SEQS }, (_, index) => SEARCH_BLOCK_SEQS - 1 - index);
  expect(readOffsets(bytes, 0, writeOffsets(bytes, 0, all))).toEqual(all);
});

test('a shelf knows the list of each bucket, that a bucket is everywhere, and which it has not', () => {
  const first = 7 * BUCKETS_PER_SHELF;
  const someEntries = fc.dictionary(fc.nat(BUCKETS_PER_SHELF - 1).map(String), fc.option(someOffsets), { maxKeys: 40 });
  fc.assert(
    fc.property(someEntries, (entries) => {
      const shelf = new Uint8Array(LONGEST_SHELF_BYTES);
      let end = 0;
      for (const [place, offsets] of Object.entries(entries)) {
        end = writeEntry(shelf, end, first + Number(place), offsets);
      }
      for (let place = 0; place < BUCKETS_PER_SHELF; place++) {
        const expected = Object.hasOwn(entries, place) ? entries[place] : [];
        expect(findEntry(shelf.slice(0, end), first + place)).toEqual(expected);
      }
    }),
  );
});

test('every bucket has its shelf', () => {
  expect(shelfOf(0)).toBe(0);
  expect(shelfOf(BUCKETS_PER_SHELF)).toBe(1);
  expect(shelfOf(BUCKETS - 1)).toBe(SHELVES - 1);
});
