import type { Logger } from 'pino';
import { isTerminal } from '../job/status.ts';
import type { JobStore } from '../store/store.ts';
import { createAlarms } from '../timing/alarms.ts';
import { expiredJobs, type RetentionLimits } from './policy.ts';

export interface RetentionOptions {
  store: JobStore;
  limits: RetentionLimits;
  /** Removes what a deleted job leaves on disk; the row is gone by then. */
  removeFiles: (attemptIds: readonly string[]) => Promise<void>;
  now: () => number;
  log: Logger;
}

/** Removes finished jobs beyond the limits, from time to time and while jobs end. */
export interface Retention {
  /** Looks once, and removes all that is to go. */
  enforce(): Promise<void>;
  close(): Promise<void>;
}

const LOOK_EVERY_MS = 60_000;
/** While many jobs end, the limits are looked at once per this many of them. */
const ENDS_PER_LOOK = 100;
const PAGE = 200;
/** A submit that is repeated within a day of its job's removal is still recognised, and does not run the job again. */
const KEEP_KEYS_MS = 24 * 60 * 60 * 1_000;

export function startRetention({ store, limits, removeFiles, now, log }: RetentionOptions): Retention {
  // Jobs that ended under an earlier server are found by the look from time to time.
  const alarms = createAlarms(now);
  let running: Promise<void> | null = null;
  let isClosed = false;
  let endsSinceLook = 0;

  const warn = (error: unknown) => {
    log.warn({ err: error }, 'could not remove the files of an expired job; the next start tries again');
  };

  /** Those whose own time is over, and those beyond the limits; a page of them at most. */
  async function nextExpired(): Promise<string[]> {
    const ownTimeOver = await store.listExpired(now(), PAGE);
    if (ownTimeOver.length > 0) return ownTimeOver;
    const [oldest, totals] = await Promise.all([store.listOldestFinished(PAGE), store.storage()]);
    return expiredJobs(oldest, totals, limits, now()).map(({ id }) => id);
  }

  async function removeExpired(): Promise<void> {
    let removed = 0;
    for (let ids = await nextExpired(); ids.length > 0; ids = await nextExpired()) {
      for (const id of ids) {
        if (isClosed) return;
        const removal = await store.remove(id);
        if (removal.outcome === 'removed') await removeFiles(removal.attemptIds).catch(warn);
      }
      removed += ids.length;
    }
    if (!isClosed) await store.sweepSubmitKeys(now(), KEEP_KEYS_MS);
    if (removed > 0) log.info({ removed }, 'removed finished jobs beyond the retention limits');
  }

  function enforce(): Promise<void> {
    endsSinceLook = 0;
    running ??= removeExpired()
      .catch((error: unknown) => {
        if (!isClosed) log.error({ err: error }, 'could not remove expired jobs; trying again later');
      })
      .finally(() => {
        running = null;
      });
    return running;
  }

  const timer = setInterval(enforce, LOOK_EVERY_MS);
  timer.unref();
  const stopListening = store.onCommitted((job, event) => {
    if (event === null || !isTerminal(job.status)) return;
    const { ttlAfterFinishedMs } = job.spec;
    if (ttlAfterFinishedMs !== undefined && job.endedAtMs !== null) {
      alarms.set(job.id, job.endedAtMs + ttlAfterFinishedMs, enforce);
    }
    endsSinceLook += 1;
    if (endsSinceLook >= ENDS_PER_LOOK) void enforce();
  });

  return {
    enforce,
    async close() {
      isClosed = true;
      clearInterval(timer);
      alarms.close();
      stopListening();
      await running;
    },
  };
}
