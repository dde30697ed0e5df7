import type { EnvironmentFailure } from './environment.ts';

/** Runs `task` with a signal that aborts with the waiter's, or with `tooLate` after its time. */
export async function withTimeLimit<T>(
  waiter: { signal: AbortSignal; timeoutMs: number },
  tooLate: EnvironmentFailure,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  // Not AbortSignal.timeout, which cannot be ended before its time and holds on to all this for so long.
  const timer = setTimeout(() => limit.abort(tooLate), waiter.timeoutMs);
  try {
    return await task(AbortSignal.any([waiter.signal, limit.signal]));
  } finally {
    clearTimeout(timer);
  }
}
