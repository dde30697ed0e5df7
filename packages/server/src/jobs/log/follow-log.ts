import { setTimeout as delay } from 'node:timers/promises';
import type { Job, PastAttempt } from '../../job/job.ts';
import { isTerminal } from '../../job/status.ts';
import type { Slots } from '../../timing/slots.ts';
import type { LogNews, LogNewsOptions } from '../job-log.ts';
import type { JobWatchers } from '../job-watchers.ts';
import { type AttemptLog, createAttemptLog } from './attempt-log.ts';
import { attemptToRead, wasTried } from './attempt-to-read.ts';
import { createWakeUp } from './wake-up.ts';

/** A driver that writes all the time would be looked at for every line. */
const PACE_MS = 10;

/** Where changes of a file are not told (a network file system), it is looked at this often. */
const LOOK_AGAIN_MS = 1_000;

export interface LogSource {
  attemptsDir: string;
  get(id: string): Promise<Job | null>;
  pastAttempts(job: Job): Promise<PastAttempt[]>;
  watchers: JobWatchers;
  /** See `ReadLog`. */
  reading: Slots;
}

/**
 * A job's log as it is written, until the job has ended (or was deleted) and all of it was read: the logs of its attempts, one after the
 * other. Waits while there is no driver. Never holds more than one chunk.
 */
export async function* followLog(
  source: LogSource,
  jobId: string,
  { start, attempt: firstNumber, isFollowing, chunkBytes, idleMs }: LogNewsOptions,
  signal?: AbortSignal,
): AsyncGenerator<LogNews> {
  const { attemptsDir, reading } = source;
  const news = createWakeUp();
  const stopWatchingJob = source.watchers.watch(jobId, news.ring);
  signal?.addEventListener('abort', news.ring, { once: true });
  /** Where to go on when the next log is opened. */
  let next = { number: firstNumber, offset: start };
  let log: AttemptLog | null = null;
  let toldAtMs = performance.now();
  try {
    while (!signal?.aborted) {
      // The state first, the file second: when an attempt is over, nothing is written after this look.
      const job = await source.get(jobId);
      const isOver = job === null || isTerminal(job.status);
      if (log === null && job !== null) {
        const attempt = await attemptToRead(source, job, next.number);
        if (attempt !== null) {
          const onChange = isFollowing && !isOver ? news.ring : undefined;
          // An attempt without output was passed over.
          const offset = attempt.number === (next.number ?? attempt.number) ? next.offset : 0;
          log = createAttemptLog(attempt, { attemptsDir, start: offset, chunkBytes, reading, onChange });
        }
      }
      let hasGiven = false;
      if (log !== null) {
        for await (const output of log.readOn(signal)) {
          yield output;
          hasGiven = true;
          toldAtMs = performance.now();
        }
      }
      if (signal?.aborted) return;
      if (log !== null && job !== null && job.attempt?.id !== log.attempt.id) {
        // The attempt is over: the job goes on with the next, or ended without one.
        if (wasTried(job, log.attempt)) next = { number: log.attempt.number + 1, offset: 0 };
        await log.close();
        log = null;
        continue;
      }
      if (isOver || !isFollowing) {
        yield { type: 'end', job };
        return;
      }
      if (performance.now() - toldAtMs >= idleMs) {
        yield { type: 'idle' };
        toldAtMs = performance.now();
      }
      if (hasGiven) await delay(PACE_MS);
      await news.wait(Math.min(LOOK_AGAIN_MS, Math.max(1, idleMs - (performance.now() - toldAtMs))));
    }
  } finally {
    await log?.close();
    stopWatchingJob();
    signal?.removeEventListener('abort', news.ring);
  }
}
