import { expect, test } from 'vitest';
import { pauseAfter } from '../../../../src/store/sqlite/search-index/fill-pace.ts';

test('half of an idle event loop, a fiftieth of a busy one', () => {
  expect(pauseAfter(2, 0)).toBe(2);
  expect(pauseAfter(2, 0.5)).toBe(6);
  expect(pauseAfter(2, 1)).toBeCloseTo(98);
  expect(pauseAfter(2, 0.99)).toBeCloseTo(98);
});

test('a step that took unusually long does not end the work for minutes', () => {
  expect(pauseAfter(10_000, 1)).toBe(500);
});
