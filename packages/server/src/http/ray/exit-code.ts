import type { Job } from '../../job/job.ts';

/** Real-time signals end at 64. */
const LAST_SIGNAL = 64;

/** The exit code as Ray has it: -N for an end by signal N, which a shell tells as 128 + N. */
export function signedExitCode(exitCode: number): number {
  return exitCode > 128 && exitCode <= 128 + LAST_SIGNAL ? 128 - exitCode : exitCode;
}

/** Null before the end, for a stopped job, and where no driver was started or its end is unknown. */
export function driverExitCode({ status, end }: Pick<Job, 'status' | 'end'>): number | null {
  if (status === 'STOPPED' || end === null || end.exitCode === null) return null;
  return signedExitCode(end.exitCode);
}
