import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/**
 * Writes chunks as they come, never ahead of the client: the next one is asked for when the one before has left. When
 * `signal` aborts, no more are taken. The answer is left open, for the caller to end, or to break off where this rejects
 * with what the chunks reject with.
 */
export async function writeStream(
  response: ServerResponse,
  chunks: AsyncIterable<Uint8Array | string>,
  signal: AbortSignal,
): Promise<void> {
  for await (const chunk of chunks) {
    if (signal.aborted) break;
    if (!response.write(chunk)) await drained(response, signal);
    if (signal.aborted) break;
  }
}

async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  try {
    await once(response, 'drain', { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
