import type { Writable } from 'node:stream';
import { giveBack } from './give-back.ts';

/** What may wait for a slow client before the next chunk is asked for. Node itself would gather 64 KiB. */
const MAX_WAITING_BYTES = 8 * 1024;

/**
 * Writes chunks as they come, never ahead of the client: the next one is asked for when the one before has left, small ones
 * together. When `signal` aborts, no more are taken. The answer is left open, for the caller to end, or to break off where this
 * rejects with what the chunks reject with.
 *
 * @param chunks belong to this from then on: their memory is given back when they have left
 */
export async function writeStream(
  response: Writable,
  chunks: AsyncIterable<Uint8Array | string>,
  signal: AbortSignal,
): Promise<void> {
  for await (const chunk of chunks) {
    if (signal.aborted) break;
    await write(response, chunk, signal);
    if (signal.aborted) break;
  }
}

function write(response: Writable, chunk: Uint8Array | string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const goOn = () => {
      signal.removeEventListener('abort', goOn);
      resolve();
    };
    signal.addEventListener('abort', goOn, { once: true });
    const isTaken = response.write(chunk, (error) => {
      // Where it cannot be written the connection is gone, and the signal is about to say so.
      if (error) return;
      if (typeof chunk !== 'string') giveBack(chunk);
      goOn();
    });
    if (isTaken && response.writableLength <= MAX_WAITING_BYTES) goOn();
  });
}
