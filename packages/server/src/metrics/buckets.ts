/** Bounds of histograms, ascending. Each costs a series per set of labels. */

/** Jobs wait and run for milliseconds to weeks. */
export const JOB_SECONDS = [
  ...[0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  ...[60, 300, 900, 3_600, 4 * 3_600, 12 * 3_600, 86_400, 3 * 86_400, 7 * 86_400],
];

/** From an empty folder to a long installation. */
export const PREPARATION_SECONDS = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600];

/** How long until a driver exists that was handed over. */
export const LAUNCH_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** Steps of the server itself. */
export const STEP_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

export const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** Writes of one commit. */
export const GROUP_WRITES = [1, 2, 5, 10, 20, 50, 100, 200, 500];
