import { expect, test } from 'vitest';
import { decideOverlap } from '../../src/schedule/overlap.ts';
import { OVERLAP_RULES } from '../../src/schedule/schedule.ts';

const start = { type: 'start', behind: [], toStop: [] };

test('with nothing unfinished every rule starts', () => {
  for (const rule of OVERLAP_RULES) {
    for (const isLate of [true, false]) expect(decideOverlap(rule, [], isLate)).toEqual(start);
  }
});

test('with an unfinished job each rule does what it is called', () => {
  expect(decideOverlap('allow', ['a'], false)).toEqual(start);
  expect(decideOverlap('skip', ['a'], false)).toEqual({ type: 'skip' });
  expect(decideOverlap('replace', ['a', 'b'], false)).toEqual({ ...start, behind: ['a', 'b'], toStop: ['a', 'b'] });
});

test('what is made up for waits its turn, and neither skips nor stops', () => {
  expect(decideOverlap('allow', ['a'], true)).toEqual(start);
  for (const rule of ['skip', 'replace'] as const) {
    expect(decideOverlap(rule, ['a'], true)).toEqual({ ...start, behind: ['a'] });
  }
});
