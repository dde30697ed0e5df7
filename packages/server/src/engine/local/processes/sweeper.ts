import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessTableEntry } from './process-table.ts';

/** Reads the process table for everyone who asks: those who ask before one is read share it. */
export interface Sweeper {
  /**
   * A table whose reading began after this call.
   *
   * @param sinceTicks tokens are wanted of processes that began then or later, in ticks since boot
   */
  sweep(sinceTicks: number): Promise<readonly ProcessTableEntry[]>;
}

/** After each sweep there is a pause of so many times its length: it takes a quarter of the time at most. */
const PAUSE_FACTOR = 3;

export function createSweeper(read: (sinceTicks: number) => Promise<readonly ProcessTableEntry[]>): Sweeper {
  let earliestNext = 0;
  let running: Promise<unknown> | null = null;
  let next: Promise<readonly ProcessTableEntry[]> | null = null;
  let nextSinceTicks = Number.POSITIVE_INFINITY;

  async function start(): Promise<readonly ProcessTableEntry[]> {
    // A sweep that failed has told those who wait for it.
    await running?.catch(() => undefined);
    const pauseMs = earliestNext - performance.now();
    if (pauseMs > 0) await delay(pauseMs);
    const own = readTimed(nextSinceTicks);
    running = own;
    next = null;
    nextSinceTicks = Number.POSITIVE_INFINITY;
    return own;
  }

  async function readTimed(sinceTicks: number): Promise<readonly ProcessTableEntry[]> {
    const from = performance.now();
    try {
      return await read(sinceTicks);
    } finally {
      const to = performance.now();
      earliestNext = to + (to - from) * PAUSE_FACTOR;
    }
  }

  return {
    sweep(sinceTicks) {
      nextSinceTicks = Math.min(nextSinceTicks, sinceTicks);
      next ??= start();
      return next;
    },
  };
}
