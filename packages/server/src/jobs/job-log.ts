import type { Job } from '../job/job.ts';

/** The bytes of a job's log that exist now. Offsets never change: a capped log begins later, it is not renumbered. */
export interface LogExtent {
  /** Offset of the first byte that is kept. */
  firstByte: number;
  /** Offset behind the last byte. */
  endByte: number;
}

/** What who reads a log as it grows hears of it. */
export type LogNews =
  /**
   * Bytes, and the offset of the first in the log of this attempt: behind the ones before, or later where the front was dropped
   * meanwhile.
   */
  | { type: 'output'; attempt: number; offset: number; bytes: Uint8Array }
  /** Nothing was told for a while. */
  | { type: 'idle' }
  /** Everything was told. `job` is as it was before the last look at the log; null where it was deleted. */
  | { type: 'end'; job: Job | null };

export interface LogNewsOptions {
  /** Number of the attempt to begin with; later ones follow. Null for the present or last one. */
  attempt: number | null;
  /** Offset of the first byte that is wanted of it. */
  start: number;
  /** Goes on until the job has ended; otherwise to the end of what there is. */
  isFollowing: boolean;
  /** Most bytes at once, which is all that a slow reader holds. */
  chunkBytes: number;
  /** `idle` is told after so long a silence. */
  idleMs: number;
}

/** Reads the output of one job. */
export interface JobLog {
  /** Zero bytes for a job whose driver has not begun. Null where the job is unknown. */
  extent(): Promise<LogExtent | null>;

  /** The bytes from `start` (or the first that is kept) to `end`, exclusive. */
  read(start: number, end: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;

  /**
   * The bytes from `start` on, as they are written, until the job has ended and everything was read. Waits while
   * the job is PENDING. Where it is tried again, the output of the next attempt follows. Ends early when `signal` aborts.
   */
  follow(start: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;

  /** The same with what a reader needs to know beside the bytes. Ends without an `end` when `signal` aborts. */
  news(options: LogNewsOptions, signal: AbortSignal): AsyncIterable<LogNews>;

  /** Offset at which the last `lines` lines begin. */
  offsetOfTail(lines: number): Promise<number>;
}
