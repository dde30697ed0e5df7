import { expect, test } from 'vitest';
import { firstChunk, nextChunk } from '../../../../src/store/sqlite/list/chunk-size.ts';

test('a page that every candidate belongs to looks at one more than it shows', () => {
  expect(firstChunk(100, true)).toBe(101);
  expect(firstChunk(100_000, true)).toBe(256);
});

test('chunks shrink when they take long and grow when they do not, within bounds', () => {
  let chunk = 256;
  for (let round = 0; round < 20; round++) chunk = nextChunk(chunk, 50);
  expect(chunk).toBe(32);
  for (let round = 0; round < 20; round++) chunk = nextChunk(chunk, 0.1);
  expect(chunk).toBe(2048);
  expect(nextChunk(500, 2)).toBe(500);
});
