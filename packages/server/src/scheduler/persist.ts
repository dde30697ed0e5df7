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
 * room. Rejects when `signal` aborts or the store closes; the next server finds the same news in the attempt's record.
 */
export function createPersist(store: Pick<JobStore, 'apply'>, log: Logger, signal: AbortSignal): Persist {
  return async (jobId, change) => {
    for (;;) {
      try {
        return await store.apply(jobId, change);
      } catch (error) {
        if (!(error instanceof DroverError) || error.code !== 'STORAGE_FULL') throw error;
        log.error({ jobId, change: change.type, err: error }, 'no space to record a change of a job; trying again');
        await delay(RETRY_MS, undefined, { signal });
      }
    }
  };
}
