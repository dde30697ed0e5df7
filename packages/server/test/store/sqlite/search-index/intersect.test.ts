import fc from 'fast-check';
import { expect, test } from 'vitest';
import { intersectDescending } from '../../../../src/store/sqlite/search-index/intersect.ts';

test('what two descending lists have in common', () => {
  const someList = fc.uniqueArray(fc.nat(50)).map((list) => list.sort((a, b) => b - a));
  fc.assert(
    fc.property(someList, someList, (left, right) => {
      expect(intersectDescending(left, right)).toEqual(left.filter((value) => right.includes(value)));
    }),
  );
});
