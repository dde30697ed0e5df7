import { existsSync, statSync } from 'node:fs';
import type { AttemptPaths } from '../attempt-directory.ts';
import { isOutOfSpace } from '../record/error-code.ts';
import type { LogWriter } from './log-writer.ts';
import { BLOCK_BYTES } from './punch-front.ts';

/** `st_blocks` counts in these, see stat(2). */
const STAT_BLOCK_BYTES = 512;
/** Of the limit, so much is kept when the front is dropped: then there is room for a while. */
const KEPT_SHARE = 0.75;
/** A log gets its mark, which takes some space, when it takes so much of its limit: by then the disk may not be full yet. */
const MARKED_SHARE = 0.5;
/** So much of the front makes room where there is none for a mark. */
const ROOM_BYTES = 16 * BLOCK_BYTES;

export interface LogSize {
  /** Offset behind the last byte. */
  sizeBytes: number;
  /** What it takes on the disk. */
  storedBytes: number;
}

/** One call of the file system. Zeros where there is no log yet. */
export function measureLog(path: string): LogSize {
  const { size, blocks } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0, blocks: 0 };
  return { sizeBytes: size, storedBytes: blocks * STAT_BLOCK_BYTES };
}

/** Where a log that is to be capped begins from now on; null where it is small enough. */
export function firstByteToKeep({ sizeBytes, storedBytes }: LogSize, maxBytes: number): number | null {
  if (storedBytes <= maxBytes || sizeBytes <= maxBytes) return null;
  const firstByte = Math.floor((sizeBytes - maxBytes * KEPT_SHARE) / BLOCK_BYTES) * BLOCK_BYTES;
  return firstByte > 0 ? firstByte : null;
}

/** Whether there is anything that {@link capLog} would do, now or as the log grows. */
export function isNearLimit({ storedBytes }: LogSize, maxBytes: number): boolean {
  return storedBytes > maxBytes * MARKED_SHARE;
}

/** Drops the front of a log that is over the limit; offsets of what is kept do not change. */
export async function capLog(paths: AttemptPaths, maxBytes: number, writer: LogWriter): Promise<void> {
  const firstByte = firstByteToKeep(measureLog(paths.log), maxBytes);
  if (firstByte === null) {
    if (!existsSync(paths.logFirstByte)) await writer.mark(paths.logFirstByte, 0);
    return;
  }
  // First the mark: a reader must not take the hole for output.
  try {
    await writer.mark(paths.logFirstByte, firstByte);
  } catch (error) {
    // It outgrew its limit while nobody looked, or the file system moves what is overwritten. The mark comes a moment late then.
    if (!isOutOfSpace(error)) throw error;
    await writer.punch(paths.log, Math.min(firstByte, ROOM_BYTES));
    await writer.mark(paths.logFirstByte, firstByte);
  }
  await writer.punch(paths.log, firstByte);
}
