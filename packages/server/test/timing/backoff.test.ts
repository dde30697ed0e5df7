import { expect, it } from 'vitest';
import { retryDelay } from '../../src/timing/backoff.ts';

it('a delay doubles up to five minutes', () => {
  expect([1, 2, 3, 10, 1_000].map((failures) => retryDelay(5_000, failures))).toEqual([
    5_000, 10_000, 20_000, 300_000, 300_000,
  ]);
});
