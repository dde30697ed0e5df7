import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { DroverError } from '../errors/drover-error.ts';

const RETRY_MS = 1_000;

/** Tries a write again every second while the disk is full. Rejects with any other error, and when its owner closes. */
export type PatientWrite = <Answer>(write: () => Promise<Answer>) => Promise<Answer>;

/**
 * For what has happened already, and so cannot be refused for want of space.
 *
 * @param what is being recorded, for the log: `changes of jobs`
 * @param signal aborts what waits for room
 */
export function createPatientWrite(what: string, log: Logger, signal: AbortSignal): PatientWrite {
  let isFull = false;

  return async (write) => {
    for (;;) {
      try {
        const answer = await write();
        if (isFull) log.info(`the disk has room again: ${what} are recorded`);
        isFull = false;
        return answer;
      } catch (error) {
        if (!(error instanceof DroverError) || error.code !== 'STORAGE_FULL') throw error;
        if (!isFull) log.error({ err: error }, `no space to record ${what}; trying again every second`);
        isFull = true;
      }
      await delay(RETRY_MS, undefined, { signal });
    }
  };
}
