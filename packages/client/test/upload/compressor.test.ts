import { randomBytes } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { createCompressor } from '../../src/upload/compressor.ts';

async function* inPieces(content: Buffer, size: number) {
  // All in the same memory, as a file is read.
  const memory = new Uint8Array(size);
  for (let at = 0; at < content.length; at += size) {
    const part = content.subarray(at, at + size);
    memory.set(part);
    yield memory.subarray(0, part.length);
  }
}

async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const taken: Buffer[] = [];
  for await (const piece of pieces) taken.push(Buffer.from(piece));
  return Buffer.concat(taken);
}

it('deflates one content after another, each whole by itself, whatever their sizes', async () => {
  const compressor = createCompressor();
  const sizes = [0, 1, 100_000, 0, 3_000_000, 129_999, 130_000, 130_001, 5];
  for (const content of [...sizes.map((size) => randomBytes(size)), Buffer.alloc(5_000_000)]) {
    const deflated = await collect(compressor.compress(inPieces(content, 256 * 1024)));
    expect(inflateRawSync(deflated).equals(content)).toBe(true);
  }
  compressor.close();
});

it('fails as its content does', async () => {
  const compressor = createCompressor();
  const broken = (async function* () {
    yield new Uint8Array(randomBytes(400_000));
    throw new Error('the disk is gone');
  })();
  await expect(collect(compressor.compress(broken))).rejects.toThrow('the disk is gone');
  compressor.close();
});
