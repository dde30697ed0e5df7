import { execFile } from 'node:child_process';
import { closeSync, fstatSync, openSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AttemptPaths } from '../attempt-directory.ts';
import { errorCode } from '../record/error-code.ts';

/** Holes begin and end at multiples of this, or the file system would only write zeros. */
const BLOCK_BYTES = 4096;
/** `st_blocks` counts in these, see stat(2). */
const STAT_BLOCK_BYTES = 512;
/** Of the limit, so much is kept when the front is dropped: then there is room for a while. */
const KEPT_SHARE = 0.75;

/**
 * Where a log that is to be capped begins from now on; null where it is small enough.
 *
 * @param sizeBytes offset behind the last byte
 * @param storedBytes what it takes on the disk
 */
export function firstByteToKeep(sizeBytes: number, storedBytes: number, maxBytes: number): number | null {
  if (storedBytes <= maxBytes || sizeBytes <= maxBytes) return null;
  const firstByte = Math.floor((sizeBytes - maxBytes * KEPT_SHARE) / BLOCK_BYTES) * BLOCK_BYTES;
  return firstByte > 0 ? firstByte : null;
}

/** Whether a log should be capped now. Cheap: one call of the file system. */
export function isOverLimit(logPath: string, maxBytes: number): boolean {
  return firstByteOf(logPath, maxBytes) !== null;
}

/** Drops the front of a log that is over the limit; offsets of what is kept do not change. */
export async function capLog(paths: AttemptPaths, maxBytes: number): Promise<void> {
  const firstByte = firstByteOf(paths.log, maxBytes);
  if (firstByte === null) return;
  // First the mark: a reader must not take the hole for output.
  const unfinished = `${paths.logFirstByte}.new`;
  writeFileSync(unfinished, `${firstByte}\n`);
  renameSync(unfinished, paths.logFirstByte);
  await punchFront(paths.log, firstByte);
}

function firstByteOf(logPath: string, maxBytes: number): number | null {
  const { size, blocks } = statSync(logPath, { throwIfNoEntry: false }) ?? { size: 0, blocks: 0 };
  return firstByteToKeep(size, blocks * STAT_BLOCK_BYTES, maxBytes);
}

/** Tries on a file in `directory` whether holes can be punched there; answers why not, or null. */
export async function findPunchObstacle(directory: string): Promise<string | null> {
  const path = join(directory, `.punch-${process.pid}`);
  const file = openSync(path, 'w', 0o600);
  try {
    writeSync(file, Buffer.alloc(16 * BLOCK_BYTES, 'x'));
    await punchFront(path, 15 * BLOCK_BYTES);
    return fstatSync(file).size === 16 * BLOCK_BYTES ? null : 'fallocate changed the size of the file';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'there is no fallocate(1)';
    return error instanceof Error ? error.message.trim() : String(error);
  } finally {
    closeSync(file);
    rmSync(path, { force: true });
  }
}

async function punchFront(path: string, lengthBytes: number): Promise<void> {
  const range = ['--offset', '0', '--length', String(lengthBytes)];
  await promisify(execFile)('fallocate', ['--punch-hole', '--keep-size', ...range, path]);
}
