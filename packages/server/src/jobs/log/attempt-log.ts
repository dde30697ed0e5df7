import { type FSWatcher, watch } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { attemptPaths } from '../../engine/attempt-directory.ts';
import type { Attempt } from '../../job/job.ts';
import type { Slots } from '../../timing/slots.ts';
import type { LogNews } from '../job-log.ts';
import { firstKeptByte, openLog, readBytes } from './log-file.ts';

/** The log of one attempt while it grows. */
export interface AttemptLog {
  readonly attempt: Attempt;
  /** What there is behind what was read before. The first byte that is kept goes on where the front was dropped. */
  readOn(signal?: AbortSignal): AsyncGenerator<Extract<LogNews, { type: 'output' }>, void>;
  close(): Promise<void>;
}

export interface AttemptLogOptions {
  attemptsDir: string;
  /** Offset of the first byte that is wanted. */
  start: number;
  chunkBytes: number;
  /** See `ReadLog`. */
  reading: Slots;
  /** Called when there may be more; absent for a log that does not grow. */
  onChange?: (() => void) | undefined;
}

/** Waits for no file: there is none before the driver begins. */
export function createAttemptLog(attempt: Attempt, options: AttemptLogOptions): AttemptLog {
  const { attemptsDir, chunkBytes, reading, onChange } = options;
  const paths = attemptPaths(attemptsDir, attempt.id);
  const watcher = onChange === undefined ? null : watchQuietly(paths.outputDirectory, onChange);
  // Kept open, so that a follower of a job that is deleted meanwhile still reads to the end.
  let file: FileHandle | null = null;
  let position = options.start;

  return {
    attempt,

    async *readOn(signal) {
      if (file === null) {
        file = await openLog(paths);
        if (file === null) return;
        position = Math.max(position, await firstKeptByte(paths));
      }
      const { size } = await file.stat();
      while (position < size && !signal?.aborted) {
        for await (const bytes of readBytes(
          { file, paths, reading },
          { start: position, end: size, chunkBytes },
          signal,
        )) {
          const offset = position;
          position += bytes.length;
          yield { type: 'output', attempt: attempt.number, offset, bytes };
        }
        // Not all of it: the front was dropped while it was read. Asked only then, since who follows asks it at every write.
        if (position < size) position = Math.max(position, await firstKeptByte(paths));
      }
    },

    async close() {
      watcher?.close();
      await file?.close();
    },
  };
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
