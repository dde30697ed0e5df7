const FIRST_MS = 100;
const LONGEST_MS = 2_000;

/**
 * Time to wait before try number `retry` (1 for the first repetition): doubles up to 2 s, and half of it is chance, so
 * that clients of a restarted server do not come back all at once.
 */
export function backoffMs(retry: number, random: () => number = Math.random): number {
  const fullMs = Math.min(LONGEST_MS, FIRST_MS * 2 ** (retry - 1));
  return fullMs / 2 + (random() * fullMs) / 2;
}

/** Rejects with the signal's reason as soon as it aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
