/** The bytes of a job's log that exist now. Offsets never change: a capped log begins later, it is not renumbered. */
export interface LogExtent {
  /** Offset of the first byte that is kept. */
  firstByte: number;
  /** Offset behind the last byte. */
  endByte: number;
}

/** Reads the output of one job. */
export interface JobLog {
  /** Zero bytes for a job whose driver has not begun. Null where the job is unknown. */
  extent(): Promise<LogExtent | null>;

  /** The bytes from `start` (or the first that is kept) to `end`, exclusive. */
  read(start: number, end: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;

  /**
   * The bytes from `start` on, as they are written, until the job has ended and everything was read. Waits while
   * the job is PENDING. Ends early when `signal` aborts.
   */
  follow(start: number, signal?: AbortSignal): AsyncIterable<Uint8Array>;

  /** Offset at which the last `lines` lines begin. */
  offsetOfTail(lines: number): Promise<number>;
}
