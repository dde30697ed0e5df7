import { type FSWatcher, watch } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { type AttemptPaths, attemptPaths } from '../../engine/attempt-directory.ts';
import type { Job } from '../../job/job.ts';
import { isTerminal } from '../../job/status.ts';
import type { LogNews, LogNewsOptions } from '../job-log.ts';
import type { JobWatchers } from '../job-watchers.ts';
import { firstKeptByte, openLog, readBytes } from './log-file.ts';
import { createWakeUp } from './wake-up.ts';

/** Where changes of a file are not told (a network file system), it is looked at this often. */
const LOOK_AGAIN_MS = 1_000;

export interface LogSource {
  attemptsDir: string;
  get(id: string): Promise<Job | null>;
  watchers: JobWatchers;
}

/**
 * A job's log from `start` on, as it is written, until the job has ended (or was deleted) and all of it was read. Waits while
 * there is no driver yet. Never holds more than one chunk.
 */
export async function* followLog(
  source: LogSource,
  jobId: string,
  { start, isFollowing, chunkBytes, idleMs }: LogNewsOptions,
  signal?: AbortSignal,
): AsyncGenerator<LogNews> {
  const news = createWakeUp();
  const stopWatchingJob = source.watchers.watch(jobId, news.ring);
  signal?.addEventListener('abort', news.ring, { once: true });
  let paths: AttemptPaths | null = null;
  let fileWatcher: FSWatcher | null = null;
  // Kept open, so that a follower of a job that is deleted meanwhile still reads to the end.
  let file: FileHandle | null = null;
  let position = start;
  let toldAtMs = performance.now();
  try {
    while (!signal?.aborted) {
      // The state first, the file second: when the job has ended, nothing is written after this look.
      const job = await source.get(jobId);
      const isOver = job === null || isTerminal(job.status);
      if (job?.attempt && paths === null) {
        paths = attemptPaths(source.attemptsDir, job.attempt.id);
        fileWatcher = isOver || !isFollowing ? null : watchQuietly(paths.outputDirectory, news.ring);
      } else if (job?.attempt === null && file === null) {
        // The attempt was withdrawn before it had a driver; the next one writes elsewhere.
        fileWatcher?.close();
        paths = null;
      }
      if (paths !== null && file === null) {
        file = await openLog(paths.log);
        position = Math.max(position, await firstKeptByte(paths));
      }
      if (paths !== null && file !== null) {
        const { size } = await file.stat();
        while (position < size && !signal?.aborted) {
          for await (const bytes of readBytes(file, paths, { start: position, end: size, chunkBytes }, signal)) {
            const offset = position;
            position += bytes.length;
            yield { type: 'output', offset, bytes };
            toldAtMs = performance.now();
          }
          // Not all of it: the front was dropped while it was read. Asked only then, since who follows asks it at every write.
          if (position < size) position = Math.max(position, await firstKeptByte(paths));
        }
      }
      if (signal?.aborted) return;
      if (isOver || !isFollowing) {
        yield { type: 'end', job };
        return;
      }
      if (performance.now() - toldAtMs >= idleMs) {
        yield { type: 'idle' };
        toldAtMs = performance.now();
      }
      await news.wait(Math.min(LOOK_AGAIN_MS, Math.max(1, idleMs - (performance.now() - toldAtMs))));
    }
  } finally {
    fileWatcher?.close();
    await file?.close();
    stopWatchingJob();
    signal?.removeEventListener('abort', news.ring);
  }
}

/** Watching can fail (no more watches, folder just removed): then the slow look has to do. */
function watchQuietly(directory: string, onChange: () => void): FSWatcher | null {
  try {
    const watcher = watch(directory, { persistent: false }, onChange);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
