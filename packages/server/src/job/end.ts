import type { TerminalStatus } from './status.ts';

/**
 * Why a job ended as it did: stable, documented in `docs/errors.md`. `NONE` is the end of a job that succeeded.
 */
export const JOB_END_CODES = [
  'NONE',
  'ENTRYPOINT_FAILED',
  'ENVIRONMENT_FAILED',
  'DRIVER_LOST',
  'OUT_OF_MEMORY',
  'TIME_LIMIT',
  'QUEUE_TIME_LIMIT',
  'DEPENDENCY_FAILED',
  'ELEMENTS_FAILED',
  'UNSCHEDULABLE',
  'CANCELLED',
  'STOPPED',
] as const;
export type EndCode = (typeof JOB_END_CODES)[number];

/** How a job ended. */
export interface JobEnd {
  status: TerminalStatus;
  code: EndCode;
  /** The reason in words, for people; empty for a job that succeeded. */
  message: string;
  /**
   * 0 to 255 as the shell reports it (128 + N when signal N ended the driver); null where no driver was
   * started, or where its end is unknown (then `code` is `DRIVER_LOST`, or the job was stopped).
   */
  exitCode: number | null;
}
