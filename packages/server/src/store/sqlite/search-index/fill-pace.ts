/** Of an event loop that is busy for half of the time or more. */
const LEAST_SHARE = 0.01;

/** Of an event loop that has nothing else to do. */
const MOST_SHARE = 0.5;

/** Reached only after a step that took as long as none should. */
const LONGEST_PAUSE_MS = 30_000;

/**
 * How long to pause after work of `tookMs`, so that it takes a fitting share of the event loop.
 *
 * @param utilization of the event loop by everything else, 0 to 1
 */
export function pauseAfter(tookMs: number, utilization: number): number {
  const share = Math.max(LEAST_SHARE, MOST_SHARE - utilization);
  return Math.min(LONGEST_PAUSE_MS, tookMs * (1 / share - 1));
}
