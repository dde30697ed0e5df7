import { describe, expect, it } from 'vitest';
import { formatAgo, formatDuration } from '../../../src/cli/display/times.ts';

describe('formatDuration', () => {
  it.each([
    [-5, '0.0s'],
    [0, '0.0s'],
    [9_999, '9.9s'],
    [10_000, '10s'],
    [59_999, '59s'],
    [60_000, '1m 0s'],
    [3_599_999, '59m 59s'],
    [3_600_000, '1h 0m'],
    [86_399_999, '23h 59m'],
    [86_400_000 * 3 + 3_600_000 * 2, '3d 2h'],
  ])('%i ms is %s', (ms, expected) => expect(formatDuration(ms)).toBe(expected));
});

describe('formatAgo', () => {
  it.each([
    [-60_000, 'just now'],
    [999, 'just now'],
    [1_000, '1s ago'],
    [119_000, '1m ago'],
    [7_200_000, '2h ago'],
    [86_400_000, '24h ago'],
    [86_400_000 * 2, '2d ago'],
  ])('%i ms ago is %s', (agoMs, expected) => expect(formatAgo(1e12 - agoMs, 1e12)).toBe(expected));
});
