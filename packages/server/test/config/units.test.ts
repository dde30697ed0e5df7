import { describe, expect, it } from 'vitest';
import { parseDurationMs, parseSizeBytes } from '../../src/config/units.ts';

describe('durations', () => {
  it.each([
    ['0', 0],
    ['250ms', 250],
    ['10s', 10_000],
    ['1.5h', 5_400_000],
    ['5 min', 300_000],
    ['5m', 300_000],
    ['30d', 2_592_000_000],
    ['2w', 1_209_600_000],
  ])('%s', (text, expected) => expect(parseDurationMs(text)).toBe(expected));

  it.each(['', '10', '-1s', 's', '10S', '1e3s', '10s 5ms', '99999999999d'])('refuses %j', (text) =>
    expect(parseDurationMs(text)).toBeNull(),
  );
});

describe('sizes', () => {
  it.each([
    ['0', 0],
    ['1024', 1024],
    ['1.5KiB', 1536],
    ['2G', 2 ** 31],
    ['20GiB', 20 * 2 ** 30],
    ['20gib', 20 * 2 ** 30],
    ['500MB', 500_000_000],
    ['1 TB', 1e12],
    ['7B', 7],
  ])('%s', (text, expected) => expect(parseSizeBytes(text)).toBe(expected));

  it.each(['', 'GiB', '-1', '1PB', '1e9', '0x10', '99999999TiB'])('refuses %j', (text) =>
    expect(parseSizeBytes(text)).toBeNull(),
  );
});
