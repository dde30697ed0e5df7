import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { displayWidth, truncate, visibleText } from '../../../src/cli/display/visible-text.ts';

describe('visibleText', () => {
  it('leaves nothing that a terminal obeys, and says what was there', () => {
    expect(visibleText('a\x1b[2J\nb\tc\r\x7f\u009b\u202e')).toBe('a\\x1b[2J\\nb\\tc\\r\\x7f\\x9b\\u202e');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visibleText(text)).not.toMatch(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  it('leaves everything else alone', () => {
    expect(visibleText('größer 訓練 🐂 "quoted"')).toBe('größer 訓練 🐂 "quoted"');
  });
});

describe('truncate', () => {
  it('fits, and keeps what fits', () => {
    expect(truncate('abc', 3)).toBe('abc');
    expect(truncate('abcd', 3)).toBe('ab…');
    expect(truncate('訓練中', 5)).toBe('訓練…');
    expect(truncate('訓練中', 4)).toBe('訓…');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, width) => {
        expect(displayWidth(truncate(text, width))).toBeLessThanOrEqual(width);
      }),
    );
  });
});
