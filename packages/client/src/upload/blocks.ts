import type { Pieces } from './package-requests.ts';

/**
 * The same bytes in blocks, all but the last of the same size: files of a few bytes would make as many packets.
 *
 * @param pieces one must have been used when the next is asked for
 * @param reusesBlock whether that holds for blocks too: all lie in the same memory then
 */
export async function* inBlocks(pieces: Pieces, blockBytes: number, reusesBlock: boolean): Pieces {
  let block = new Uint8Array(blockBytes);
  let filled = 0;
  for await (const piece of pieces) {
    let taken = 0;
    while (taken < piece.length) {
      const part = piece.subarray(taken, taken + blockBytes - filled);
      block.set(part, filled);
      filled += part.length;
      taken += part.length;
      if (filled < blockBytes) continue;
      yield block;
      if (!reusesBlock) block = new Uint8Array(blockBytes);
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}
