import { constants } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { errorCode } from '../record/error-code.ts';
import { type AttemptRecord, parseRecord } from '../record/grammar.ts';

/** A record that another machine writes, read without holding up the event loop: each look may be a question to a file server. */
export interface RecordFile {
  /** Null where nobody has claimed the attempt. What was read is not read again while its length is the same. */
  read(): Promise<AttemptRecord | null>;
  /** Makes the next look see a record that was not there before, where the file system remembers that it was not. */
  forgetAbsence(): Promise<void>;
}

export function openRecordFile(directory: string, path: string): RecordFile {
  let last: { size: number; record: AttemptRecord } | null = null;
  return {
    async read() {
      try {
        await using file = await open(path, READ_ONLY_A_FILE);
        const stats = await file.stat();
        if (!stats.isFile()) return null;
        const { size } = stats;
        if (last?.size !== size) last = { size, record: parseRecord(await file.readFile('utf8')) };
        return last.record;
      } catch (error) {
        if (isNoFile(error)) return null;
        throw error;
      }
    },

    async forgetAbsence() {
      await readdir(directory).catch(() => undefined);
    },
  };
}

/** When the file was written to last, in milliseconds since 1970 by whoever keeps that time; null where it is not there. */
export async function writtenAt(path: string): Promise<number | null> {
  try {
    await using file = await open(path, READ_ONLY_A_FILE);
    const stats = await file.stat();
    return stats.isFile() ? stats.mtimeMs : null;
  } catch (error) {
    if (isNoFile(error)) return null;
    throw error;
  }
}

/**
 * Opening asks the file server, where a look alone would be answered from what was known seconds ago. The folder may belong to the
 * driver's user: what that has put in a file's place is neither followed nor waited for.
 */
export const READ_ONLY_A_FILE = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Whether there is none, or a link in its place. */
function isNoFile(error: unknown): boolean {
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ELOOP';
}

/** Whether there is such a file. */
export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
