import type { Job } from '@drover/client/job';

/** Drover's own exit codes; `submit --wait`, `submit --follow` and `wait` exit with the driver's otherwise. */
export const EXIT = {
  failure: 1,
  usage: 2,
  /** `wait --timeout` ran out; as `timeout(1)` has it. */
  timedOut: 124,
  /** The job has no exit code: no driver ran, or its end is unknown, or it was deleted meanwhile. */
  noExitCode: 125,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

/** The driver's exit code, or 125 where there is none. */
export function driverExitCode(job: Job): number {
  return job.end?.exit_code ?? EXIT.noExitCode;
}
