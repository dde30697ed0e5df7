import type { ProcessTableEntry } from './process-table.ts';

/** Reads the process table for everyone who asks: those who ask while one is being read share the next. */
export interface Sweeper {
  /** A table whose reading began after this call. */
  sweep(): Promise<readonly ProcessTableEntry[]>;
}

export function createSweeper(read: () => Promise<readonly ProcessTableEntry[]>): Sweeper {
  let running: Promise<unknown> | null = null;
  let next: Promise<readonly ProcessTableEntry[]> | null = null;

  async function start(): Promise<readonly ProcessTableEntry[]> {
    // A sweep that failed has told those who wait for it.
    await running?.catch(() => undefined);
    const own = read();
    running = own;
    next = null;
    return own;
  }

  return {
    sweep() {
      next ??= start();
      return next;
    },
  };
}
