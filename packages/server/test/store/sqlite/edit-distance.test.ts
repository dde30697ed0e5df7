import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance } from '../../../src/store/sqlite/edit-distance.ts';

test.each([
  ['same', 'same', 2, 0],
  ['abc', 'abd', 2, 1],
  ['abc', 'acb', 2, 1],
  ['abc', 'ab', 2, 1],
  ['abc', 'xabc', 2, 1],
  ['abcdef', 'badcfe', 2, 3],
  ['abcdef', 'badcfe', 3, 3],
  ['', 'abc', 2, 3],
  ['kitten', 'sitting', 3, 3],
])('from %s to %s within %i it is %i', (from, to, limit, distance) => {
  expect(editDistance(from, to, limit)).toBe(distance);
  expect(editDistance(to, from, limit)).toBe(distance);
});

test('k slips are at most k apart', () => {
  const slip = fc.record({ place: fc.nat(), letter: fc.constantFrom('a', 'b', 'c', ''), isExtra: fc.boolean() });
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'b') }), fc.array(slip, { maxLength: 3 }), (text, slips) => {
      const changed = slips.reduce((old, { place, letter, isExtra }) => {
        const index = place % (old.length + 1);
        return old.slice(0, index) + letter + old.slice(isExtra ? index : index + 1);
      }, text);
      expect(editDistance(text, changed, slips.length)).toBeLessThanOrEqual(slips.length);
    }),
  );
});
