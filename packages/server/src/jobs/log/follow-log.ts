import { type FSWatcher, watch } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { type AttemptPaths, attemptPaths } from '../../engine/attempt-directory.ts';
import type { Job } from '../../job/job.ts';
import { isTerminal } from '../../job/status.ts';
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
 * The bytes of a job's log from `start` on, as they are written, until the job has ended (or was deleted) and all of it
 * was read. Waits while there is no driver yet. Never holds more than one chunk.
 */
export async function* followLog(
  source: LogSource,
  jobId: string,
  start: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const news = createWakeUp();
  const stopWatchingJob = source.watchers.watch(jobId, news.ring);
  signal?.addEventListener('abort', news.ring, { once: true });
  let paths: AttemptPaths | null = null;
  let fileWatcher: FSWatcher | null = null;
  // Kept open, so that a follower of a job that is deleted meanwhile still reads to the end.
  let file: FileHandle | null = null;
  let position = start;
  try {
    while (!signal?.aborted) {
      // The state first, the file second: when the job has ended, nothing is written after this look.
      const job = await source.get(jobId);
      const isOver = job === null || isTerminal(job.status);
      if (job?.attempt && paths === null) {
        paths = attemptPaths(source.attemptsDir, job.attempt.id);
        fileWatcher = isOver ? null : watchQuietly(paths.outputDirectory, news.ring);
      } else if (job?.attempt === null && file === null) {
        // The attempt was withdrawn before it had a driver; the next one writes elsewhere.
        fileWatcher?.close();
        paths = null;
      }
      if (paths !== null) {
        file ??= await openLog(paths.log);
        if (file !== null) {
          const { size } = await file.stat();
          // Once more where the front is dropped while it is read.
          for (position = Math.max(position, await firstKeptByte(paths)); position < size && !signal?.aborted; ) {
            for await (const chunk of readBytes(file, paths, position, size, signal)) {
              position += chunk.length;
              yield chunk;
            }
            position = Math.max(position, await firstKeptByte(paths));
          }
        }
      }
      if (isOver) return;
      await news.wait(LOOK_AGAIN_MS);
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
