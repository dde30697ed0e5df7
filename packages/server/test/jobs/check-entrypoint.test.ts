import { describe, expect, it } from 'vitest';
import { checkEntrypoint } from '../../src/jobs/check-entrypoint.ts';

describe('checkEntrypoint', () => {
  it('takes whatever one argument of a process can hold, counted in bytes', () => {
    checkEntrypoint('');
    checkEntrypoint('x'.repeat(131_071));
    checkEntrypoint('é'.repeat(65_535));
  });

  it.each([
    ['x'.repeat(131_072), /131072 bytes, and at most 131071/],
    ['é'.repeat(65_536), /131072 bytes/],
    ['echo \0', /NUL/],
  ])('refuses more', (entrypoint, reason) => {
    expect(() => checkEntrypoint(entrypoint)).toThrow(reason);
  });
});
