import { readFile, rename, writeFile } from 'node:fs/promises';
import { hasCode } from '../errors/system-error.ts';

/** Up to which event the traces of jobs were sent: what the next server goes on from. */
export interface SentMark {
  /** Null where there is none yet, or none that can be read. */
  read(): Promise<number | null>;
  /** Whole or not at all. It need not reach the disk at once: an older one means that some are sent again, with the same ids. */
  write(eventId: number): Promise<void>;
}

/** Keeps the mark in a file. */
export function createSentMark(path: string): SentMark {
  return {
    async read() {
      try {
        const eventId = Number.parseInt(await readFile(path, 'utf8'), 10);
        return Number.isSafeInteger(eventId) && eventId >= 0 ? eventId : null;
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return null;
        throw error;
      }
    },
    async write(eventId) {
      await writeFile(`${path}.new`, `${eventId}\n`, { mode: 0o600 });
      await rename(`${path}.new`, path);
    },
  };
}
