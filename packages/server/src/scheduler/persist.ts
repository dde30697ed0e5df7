import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { DroverError } from '../errors/drover-error.ts';
import type { JobChange, Transition } from '../job/transition.ts';
import type { JobStore } from '../store/store.ts';

const RETRY_MS = 1_000;

/** Writes a change of a job that has to reach the disk, however long that takes. */
export type Persist = (jobId: string, change: JobChange) => Promise<Transition | null>;

/**
 * What happened to a driver cannot be refused for want of space: it is tried again every second until the disk has
 * room. Changes of one job are written one after another, so that none overtakes another. Rejects when `signal` aborts or the store closes; the next
 * server finds the same news in the attempt's record.
 */
export function createPersist(store: Pick<JobStore, 'apply'>, log: Logger, signal: AbortSignal): Persist {
  /** The last change of each job that is not written yet. */
  const unwritten = new Map<string, Promise<unknown>>();
  let isFull = false;

  async function applyOrNull(jobId: string, change: JobChange): Promise<{ transition: Transition | null } | null> {
    try {
      const transition = await store.apply(jobId, change);
      if (isFull) log.info('the disk has room again: changes of jobs are recorded');
      isFull = false;
      return { transition };
    } catch (error) {
      if (!(error instanceof DroverError) || error.code !== 'STORAGE_FULL') throw error;
      if (!isFull) log.error({ err: error }, 'no space to record changes of jobs; trying again every second');
      isFull = true;
      return null;
    }
  }

  async function write(jobId: string, change: JobChange): Promise<Transition | null> {
    for (;;) {
      const applied = await applyOrNull(jobId, change);
      if (applied !== null) return applied.transition;
      await delay(RETRY_MS, undefined, { signal });
    }
  }

  return (jobId, change) => {
    const next = () => write(jobId, change);
    // Whoever wrote the change before hears of its failure.
    const written = unwritten.get(jobId)?.then(next, next) ?? next();
    unwritten.set(jobId, written);
    const forget = () => {
      if (unwritten.get(jobId) === written) unwritten.delete(jobId);
    };
    written.then(forget, forget);
    return written;
  };
}
