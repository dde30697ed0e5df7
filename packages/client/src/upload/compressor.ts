import { constants, createDeflateRaw, type DeflateRaw } from 'node:zlib';

/** Upload links are fast against what the higher levels cost. */
const LEVEL = 3;

/** Node 20 cannot give memory back at will. */
const CAN_RELEASE = 'transfer' in ArrayBuffer.prototype;
/** Large where it is given back, small where much of it lies until it is collected; no size that Node's own pools of memory have. */
const MEMORY_BYTES = CAN_RELEASE ? 130_000 : 16_000;

/** Deflates one content after another. */
export interface Compressor {
  /** A piece must have been used when the next one is asked for: its memory is given back then. Throws what `content` throws. */
  compress(content: AsyncIterable<Uint8Array<ArrayBuffer>>): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined>;
  close(): void;
}

/** One for all contents: each has a quarter of a megabyte of its own, which small files would leave behind by the thousand. */
export function createCompressor(): Compressor {
  const deflate = createDeflateRaw({ level: LEVEL, chunkSize: MEMORY_BYTES });
  const readable = createBell();
  deflate.on('readable', readable.ring);
  let memory: ArrayBuffer | null = null;

  return {
    async *compress(content) {
      let isFed = false;
      const fed = feed(deflate, content).finally(() => {
        isFed = true;
        readable.ring();
      });
      // Thrown where it is awaited.
      fed.catch(() => undefined);
      for (;;) {
        const piece: Buffer<ArrayBuffer> | null = deflate.read();
        if (piece !== null) {
          if (memory !== null && memory !== piece.buffer) release(memory);
          memory = piece.buffer;
          yield new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
        } else if (isFed) {
          break;
        } else {
          await readable.rung();
        }
      }
      await fed;
      deflate.reset();
    },

    close: () => void deflate.destroy(),
  };
}

/** Every piece is written when the one before has been taken in, since they may lie in the same memory. */
async function feed(deflate: DeflateRaw, content: AsyncIterable<Uint8Array<ArrayBuffer>>): Promise<void> {
  for await (const piece of content) {
    await new Promise<void>((resolve, reject) => {
      deflate.write(piece, (error) => (error ? reject(error) : resolve()));
    });
  }
  await new Promise<void>((resolve) => deflate.flush(constants.Z_FINISH, resolve));
}

/**
 * Gives memory back at once that the garbage collector would let lie until much more has come together. Deflate goes on to new
 * memory when it has filled one, and never comes back to it.
 */
function release(memory: ArrayBuffer): void {
  if (CAN_RELEASE && memory.byteLength === MEMORY_BYTES) memory.transfer(0);
}

/** Wakes whoever waits for it; one that rang while nobody waited wakes the next at once. */
function createBell(): { ring(): void; rung(): Promise<void> } {
  let hasRung = false;
  let wake = () => {};
  return {
    ring() {
      hasRung = true;
      wake();
    },
    async rung() {
      if (!hasRung) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      hasRung = false;
    },
  };
}
