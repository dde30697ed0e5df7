/** Of the event loop, however much there is to do besides. */
const LEAST_SHARE = 0.02;

/** Of what the event loop has left, so that who comes next hardly waits. */
const SHARE_OF_IDLE = 0.5;

const LONGEST_PAUSE_MS = 500;

/**
 * How long to pause after work of `tookMs`, so that it takes a fitting share of the event loop.
 *
 * @param utilization of the event loop by everything else, 0 to 1
 */
export function pauseAfter(tookMs: number, utilization: number): number {
  const share = Math.max(LEAST_SHARE, (1 - utilization) * SHARE_OF_IDLE);
  return Math.min(LONGEST_PAUSE_MS, tookMs * (1 / share - 1));
}
