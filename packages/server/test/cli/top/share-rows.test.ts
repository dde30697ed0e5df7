import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareRows } from '../../../src/cli/top/share-rows.ts';

describe('shareRows', () => {
  it.each([
    [[3, 2], 10, [3, 2]],
    [[9, 9], 10, [5, 5]],
    [[1, 9], 6, [1, 5]],
    [[9, 9, 9], 10, [4, 3, 3]],
    [[9, 9, 9], 2, [1, 1, 0]],
    [[5, 0, 5], 4, [2, 0, 2]],
    [[5], -3, [0]],
    [[], 5, []],
  ])('%j of %i rows are %j', (wanted, rows, expected) => expect(shareRows(wanted, rows)).toEqual(expected));

  it('gives no more than is wanted or there, leaves nothing that is wanted, and nobody far behind', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { maxLength: 6 }), fc.nat(120), (wanted, rows) => {
        const given = shareRows(wanted, rows);
        const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
        expect(sum(given)).toBe(Math.min(rows, sum(wanted)));
        for (const [index, share] of given.entries()) {
          expect(share).toBeLessThanOrEqual(wanted[index] ?? 0);
          if (share < (wanted[index] ?? 0)) expect(Math.max(...given)).toBeLessThanOrEqual(share + 1);
        }
      }),
    );
  });
});
