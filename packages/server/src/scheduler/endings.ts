import type { JobEnd } from '../job/end.ts';
import type { Job } from '../job/job.ts';
import { decideRetry } from '../job/retry.ts';
import { decidingStop, stoppedEnd } from '../job/transition.ts';
import { removeAttemptFolder } from './attempt-folders.ts';
import { measureLog } from './attempt-log-size.ts';
import type { SchedulerOptions } from './options.ts';
import type { Persist } from './persist.ts';
import type { RuleBook } from './rules/rule-book.ts';
import type { TrackedJob } from './tracked-job.ts';

export interface EndingsOptions extends Pick<SchedulerOptions, 'attemptsDir' | 'log' | 'now' | 'random'> {
  rules: Pick<RuleBook, 'apply'>;
  persist: Persist;
  /** Attempts that have their folder, by id. */
  byAttempt: Map<string, TrackedJob>;
  /** Resources became free: it is time for another round of decisions. */
  onChange(): void;
  /** The job has ended on disk. */
  onEnded(entry: TrackedJob): void;
  /** Its attempt has ended on disk, and the job is to be tried again. */
  onRetry(entry: TrackedJob, job: Job): void;
}

/** Ends jobs and attempts, and frees what they held. */
export interface Endings {
  /** Ends the job, or its attempt where it is to be tried again: on disk first, then its resources go to the next. */
  conclude(entry: TrackedJob, end: JobEnd, atMs: number): Promise<void>;
  /** Frees what an attempt held that no row knows any more, and removes its files. */
  dropAttempt(entry: TrackedJob): Promise<void>;
}

export function createEndings(options: EndingsOptions): Endings {
  const { attemptsDir, log, now, rules, persist, byAttempt } = options;

  async function conclude(entry: TrackedJob, end: JobEnd, atMs: number): Promise<void> {
    const isHandedOver = entry.stage === 'handed_over';
    const attemptId = isHandedOver ? entry.attemptId : null;
    const logBytes = attemptId === null ? 0 : entry.workBytes + (await logBytesOf(attemptId));
    const again = entry.stopCause === 'request' ? null : retryAfter(entry, end, atMs);
    const change = { atMs, attemptId, end, logBytes };
    const written = await persist(
      entry.id,
      again === null ? { type: 'end', ...change } : { type: 'retry', ...change, notBeforeMs: now() + again.delayMs },
    );
    // A stop that was requested meanwhile has made an end of it.
    const isRetried = written?.outcome === 'changed' && written.job.status === 'PENDING';
    if (isRetried) backOff(entry);
    else options.onEnded(entry);
    if (isHandedOver) release(entry);
    else await dropAttempt(entry);
    if (isRetried && entry.stopCause === null) options.onRetry(entry, written.job);
  }

  /** From here on a stop is one of the attempt to come. */
  function backOff(entry: TrackedJob): void {
    entry.stage = 'backing_off';
    entry.stopGraceMs = null;
    entry.stopCause = null;
    entry.limitAtMs = undefined;
    entry.retriesMade += 1;
    entry.failures = 0;
  }

  /** A limit that was reached decides what the attempt has failed of. */
  function retryAfter(entry: TrackedJob, end: JobEnd, atMs: number): { delayMs: number } | null {
    const { retry, retriesMade } = entry;
    const stopCause = decidingStop(entry, atMs)?.stopCause ?? null;
    if (stopCause === 'queue_limit') return null;
    const found = stopCause === null ? end : stoppedEnd({ cause: stopCause, reason: '' }, end);
    return decideRetry(retry, retriesMade, found, options.random());
  }

  /** A log that cannot be measured must not keep its job from ending. */
  async function logBytesOf(attemptId: string): Promise<number> {
    try {
      return await measureLog(attemptsDir, attemptId);
    } catch (error) {
      log.warn({ attemptId, err: error }, 'the size of a log is not known, and retention does not count it');
      return 0;
    }
  }

  async function dropAttempt(entry: TrackedJob): Promise<void> {
    const { attemptId } = entry;
    if (attemptId === null) return;
    try {
      await removeAttemptFolder(attemptsDir, attemptId);
    } catch (error) {
      log.warn({ attemptId, err: error }, 'could not remove the folder of an attempt; the next start tries again');
    } finally {
      release(entry);
    }
  }

  function release(entry: TrackedJob): void {
    if (entry.attemptId === null) return;
    byAttempt.delete(entry.attemptId);
    rules.apply({ type: 'released', jobId: entry.id, atMs: now() });
    entry.attemptId = null;
    entry.isWithEngine = false;
    entry.gpus = [];
    entry.workBytes = 0;
    options.onChange();
  }

  return { conclude, dropAttempt };
}
