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
        // Opening asks the file server, where a look alone would be answered from what was known seconds ago.
        await using file = await open(path);
        const { size } = await file.stat();
        if (last?.size !== size) last = { size, record: parseRecord(await file.readFile('utf8')) };
        return last.record;
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return null;
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
    await using file = await open(path);
    return (await file.stat()).mtimeMs;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
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
