import type { Logger } from 'pino';
import type { Job } from '../job/job.ts';
import { isTerminal } from '../job/status.ts';
import type { JobStore } from '../store/store.ts';
import { expiredJobs, type RetentionLimits } from './policy.ts';

export interface RetentionOptions {
  store: JobStore;
  limits: RetentionLimits;
  /** Removes what a deleted job leaves on disk; the row is gone by then. */
  removeFiles: (job: Job) => Promise<void>;
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
  let running: Promise<void> | null = null;
  let isClosed = false;
  let endsSinceLook = 0;

  const warn = (error: unknown) => {
    log.warn({ err: error }, 'could not remove the files of an expired job; the next start tries again');
  };

  async function removeExpired(): Promise<void> {
    let removed = 0;
    for (;;) {
      const [oldest, totals] = await Promise.all([store.listOldestFinished(PAGE), store.storage()]);
      const expired = expiredJobs(oldest, totals, limits, now());
      for (const { id } of expired) {
        if (isClosed) return;
        const removal = await store.remove(id);
        if (removal.outcome === 'removed') await removeFiles(removal.job).catch(warn);
      }
      removed += expired.length;
      if (expired.length < PAGE) break;
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
    endsSinceLook += 1;
    if (endsSinceLook >= ENDS_PER_LOOK) void enforce();
  });

  return {
    enforce,
    async close() {
      isClosed = true;
      clearInterval(timer);
      stopListening();
      await running;
    },
  };
}
