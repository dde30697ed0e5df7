import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUCKETS, bucketsOfNeedle, writeBuckets } from '../../../../src/store/sqlite/search-index/grams.ts';

function bucketsOf(text: string): Set<number> {
  const bytes = Buffer.from(text);
  const buckets = new Uint16Array(bytes.length);
  return new Set(buckets.subarray(0, writeBuckets(bytes, buckets)));
}

const someText = fc.string({ unit: 'binary', maxLength: 200 });

test('a text has every bucket of whatever is part of it', () => {
  fc.assert(
    fc.property(someText, someText, someText, (before, needle, after) => {
      const buckets = bucketsOf(before + needle + after);
      for (const bucket of bucketsOfNeedle(needle)) expect(buckets).toContain(bucket);
    }),
  );
});

test('needles of less than three bytes have none; one of another script may have one', () => {
  for (const needle of ['', 'a', 'ab', 'é']) expect(bucketsOfNeedle(needle)).toEqual([]);
  for (const needle of ['abc', 'éa', '訓']) expect(bucketsOfNeedle(needle)).toHaveLength(1);
});

test('repeated grams count once, and of a long needle so many that are spread over all of it', () => {
  expect(bucketsOfNeedle('aaaaaaaa')).toHaveLength(1);
  const long = Array.from({ length: 1000 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join('');
  const buckets = bucketsOfNeedle(long);
  expect(buckets).toHaveLength(32);
  const firstHalf = bucketsOf(long.slice(0, 500));
  expect(buckets.filter((bucket) => firstHalf.has(bucket)).length).toBeLessThan(20);
  expect(Math.max(...buckets)).toBeLessThan(BUCKETS);
});
