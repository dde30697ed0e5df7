import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inBlocks } from '../../src/upload/blocks.ts';

async function* generate(pieces: readonly Uint8Array<ArrayBuffer>[]) {
  yield* pieces;
}

it('blocks hold the bytes of all pieces in order, and are full but for the last', async () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 20 }).map((bytes) => new Uint8Array(bytes)));
  await fc.assert(
    fc.asyncProperty(pieces, fc.integer({ min: 1, max: 16 }), fc.boolean(), async (given, blockBytes, reuses) => {
      const blocks: number[][] = [];
      for await (const block of inBlocks(generate(given), blockBytes, reuses)) blocks.push([...block]);
      expect(blocks.flat()).toEqual(given.flatMap((piece) => [...piece]));
      for (const block of blocks.slice(0, -1)) expect(block.length).toBe(blockBytes);
      expect(blocks.every((block) => block.length > 0)).toBe(true);
    }),
  );
});

it('a block that may be kept is not written to again', async () => {
  const given = [new Uint8Array([1, 2, 3, 4, 5])];
  const kept: Uint8Array[] = [];
  for await (const block of inBlocks(generate(given), 2, false)) kept.push(block);
  expect(kept.map((block) => [...block])).toEqual([[1, 2], [3, 4], [5]]);
});
