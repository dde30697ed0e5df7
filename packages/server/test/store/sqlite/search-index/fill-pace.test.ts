import { expect, test } from 'vitest';
import { pauseAfter } from '../../../../src/store/sqlite/search-index/fill-pace.ts';

test('half of an idle event loop, less of one that has something to do, a hundredth of a busy one', () => {
  expect(pauseAfter(2, 0)).toBe(2);
  expect(pauseAfter(2, 0.25)).toBe(6);
  for (const utilization of [0.5, 0.8, 1]) expect(pauseAfter(2, utilization)).toBe(198);
});

test('steps that a busy machine makes slow take no greater share for it, up to half a minute', () => {
  expect(pauseAfter(100, 1)).toBe(9_900);
  expect(pauseAfter(10_000, 1)).toBe(30_000);
});
