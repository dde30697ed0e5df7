import { expect, it } from 'vitest';
import { formatCpus, parseQuantity } from '../../../src/engine/kubernetes/quantity.ts';

it.each([
  ['2', 2],
  ['250m', 0.25],
  ['1500u', 0.0015],
  ['64Mi', 64 * 2 ** 20],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['3k', 3000],
  ['1e3', 1000],
  ['12E', 12e18],
  ['', 0],
  ['much', 0],
  ['5 apples', 0],
])('reads %j as %d', (text, amount) => {
  expect(parseQuantity(text)).toBeCloseTo(amount, 9);
});

it.each([
  [1, '1000m'],
  [0.25, '250m'],
  [0.0001, '1m'],
  [1.0005, '1001m'],
])('writes %d cores as %s: never less than was asked for', (cpus, text) => {
  expect(formatCpus(cpus)).toBe(text);
});
