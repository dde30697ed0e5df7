/** Each look may be a question to a file server, and takes some 0.1 ms of this process. */
const AT_ONCE = 8;
/** A sweep begins when the one before is done and as many milliseconds have passed as there are attempts. */
const MS_PER_ATTEMPT = 1;

/** Visits all of `list()` again and again, every `leastMs` where there are few. Answers what ends that. */
export function sweepAttempts<T>(
  leastMs: number,
  list: () => readonly T[],
  visit: (attempt: T) => Promise<void>,
): () => void {
  let closed = false;
  let timer = setTimeout(sweep, leastMs);

  async function sweep(): Promise<void> {
    const attempts = list();
    const rest = attempts.values();
    const worker = async () => {
      for (const attempt of rest) {
        if (closed) return;
        await visit(attempt);
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, attempts.length) }, worker));
    if (!closed) timer = setTimeout(sweep, Math.max(leastMs, attempts.length * MS_PER_ATTEMPT));
  }

  return () => {
    closed = true;
    clearTimeout(timer);
  };
}
