const SMALLEST = 32;
const LARGEST = 2048;
const FIRST_SEARCH = 256;

/** A chunk may hold the event loop for about this long. */
export const TARGET_MS = 2;

/** Candidates of a list's first chunk: a page that every candidate belongs to needs one more than its jobs. */
export function firstChunk(limit: number, isExact: boolean): number {
  return isExact ? Math.min(limit + 1, FIRST_SEARCH) : FIRST_SEARCH;
}

/** Candidates of the next chunk, after one that took this long: a cold disk is a hundred times slower than the cache. */
export function nextChunk(chunk: number, elapsedMs: number): number {
  if (elapsedMs > 2 * TARGET_MS) return Math.max(SMALLEST, Math.floor(chunk / 2));
  if (elapsedMs < TARGET_MS / 2) return Math.min(LARGEST, chunk * 2);
  return chunk;
}
