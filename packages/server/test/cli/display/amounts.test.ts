import { describe, expect, it } from 'vitest';
import { formatAmount, formatPart, formatSize } from '../../../src/cli/display/amounts.ts';

describe('formatSize', () => {
  it.each([
    [0, '0'],
    [1, '1B'],
    [1023, '1023B'],
    [1024, '1KiB'],
    [1536, '1.5KiB'],
    [1_500_000_000, '1.4GiB'],
    [12.4 * 2 ** 30, '12GiB'],
    [64 * 2 ** 30, '64GiB'],
    [2 ** 40, '1TiB'],
    [5000 * 2 ** 40, '5000TiB'],
  ])('%i bytes are %s', (bytes, expected) => expect(formatSize(bytes)).toBe(expected));
});

describe('formatAmount', () => {
  it.each([
    [2, '2'],
    [0.1 + 0.2, '0.3'],
    [0.00016, '0.0002'],
  ])('%d is %s', (amount, expected) => expect(formatAmount(amount)).toBe(expected));
});

describe('formatPart', () => {
  it.each([
    [0, '0%'],
    [1 / 64, '1.6%'],
    [0.25, '25%'],
    [1 / 3, '33%'],
    [1, '100%'],
  ])('%d is %s', (part, expected) => expect(formatPart(part)).toBe(expected));
});
