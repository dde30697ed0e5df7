import { constants, read } from 'node:fs';
import { type FileHandle, lstat, open, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { AttemptPaths } from '../../engine/attempt-directory.ts';
import { hasCode } from '../../errors/system-error.ts';
import type { Slots } from '../../timing/slots.ts';
import type { LogExtent } from '../job-log.ts';

/**
 * Read at once, where nothing else is asked for. Memory of this size goes back to the system when it is freed, that of smaller pieces
 * stays.
 */
export const CHUNK_BYTES = 128 * 1024;

/** By the descriptor: every read of a `FileHandle` leaves a kilobyte to the garbage collector. */
const readAt = promisify(read);

/** What of an attempt's log there is now; nothing before its driver began. */
export async function logExtent(paths: AttemptPaths): Promise<LogExtent> {
  // The mark first: it only grows, and behind it bytes may be gone.
  const firstByte = await firstKeptByte(paths);
  try {
    const { size } = await lstat(paths.log);
    return { firstByte: Math.min(firstByte, size), endByte: size };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { firstByte: 0, endByte: 0 };
    throw error;
  }
}

/**
 * Opens a log for reading; null while there is none. Who holds it reads on after its folder was removed.
 *
 * The folder may belong to the user that drivers of a cluster run as, and the server be root: it reads nothing for that user that is
 * not a file of the user's own, whatever the user has put in the log's place.
 */
export async function openLog({ directory, log }: AttemptPaths): Promise<FileHandle | null> {
  let file: FileHandle;
  try {
    file = await open(log, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ELOOP')) return null;
    throw error;
  }
  try {
    const [own, folder] = await Promise.all([file.stat(), lstat(directory)]);
    if (own.isFile() && own.uid === folder.uid) return file;
  } catch (error) {
    await file.close();
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  await file.close();
  return null;
}

/** Of a log that is read. */
export interface ReadLog {
  file: FileHandle;
  paths: AttemptPaths;
  /** Bounds the reads at once, each of which has its memory already while it waits for a thread. */
  reading: Slots;
}

/**
 * The bytes from `start` to `end` (exclusive); fewer where the file is shorter, or where its front is dropped while it is
 * read: what was dropped reads as zeros, and is never given out. Every chunk has memory of its own, and is the taker's.
 */
export async function* readBytes(
  { file, paths, reading }: ReadLog,
  { start, end, chunkBytes }: { start: number; end: number; chunkBytes: number },
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let position = start;
  while (position < end && !signal?.aborted) {
    const length = Math.min(chunkBytes, end - position);
    const chunk = await reading.run(undefined, () => readChunk(file, position, length));
    if (chunk.length === 0) return;
    // The mark is set before the hole is made. Only a chunk with a zero in it can be one that lies in a hole.
    if (chunk.includes(0) && (await firstKeptByte(paths)) > position) return;
    position += chunk.length;
    yield chunk;
  }
}

async function readChunk(file: FileHandle, position: number, length: number): Promise<Buffer> {
  // Not from the pool: a slow reader would keep all of it.
  const buffer = Buffer.allocUnsafeSlow(length);
  const { bytesRead } = await readAt(file.fd, buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

const NEWLINE = 0x0a;

/** Offset at which the last `lines` lines begin, looking backwards from the end; a last line may lack its newline. */
export async function offsetOfLastLines(
  paths: AttemptPaths,
  { firstByte, endByte }: LogExtent,
  lines: number,
): Promise<number> {
  if (lines <= 0 || firstByte >= endByte) return endByte;
  const file = await openLog(paths);
  if (file === null) return endByte;
  try {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    let found = 0;
    for (let end = endByte; end > firstByte; ) {
      const start = Math.max(firstByte, end - CHUNK_BYTES);
      const { bytesRead } = await file.read(buffer, 0, end - start, start);
      for (let index = bytesRead - 1; index >= 0; index -= 1) {
        const isLastByte = start + index === endByte - 1;
        if (buffer[index] !== NEWLINE || isLastByte) continue;
        found += 1;
        if (found === lines) return start + index + 1;
      }
      end = start;
    }
    return firstByte;
  } finally {
    await file.close();
  }
}

/** Offset of the first byte that a capped log still has; 0 for a whole one. */
export async function firstKeptByte(paths: AttemptPaths): Promise<number> {
  try {
    return Number.parseInt(await readFile(paths.logFirstByte, 'utf8'), 10) || 0;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 0;
    throw error;
  }
}
