const LONGEST_DELAY_MS = 5 * 60 * 1_000;

/** How long to wait after so many failures in a row: doubled each time, five minutes at most. */
export function retryDelay(firstDelayMs: number, failures: number): number {
  return Math.min(firstDelayMs * 2 ** Math.max(0, failures - 1), LONGEST_DELAY_MS);
}
