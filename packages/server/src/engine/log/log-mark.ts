import { closeSync, constants, openSync, writeSync } from 'node:fs';

/** Enough for every size of a file (2^63). */
const DIGITS = 20;

/** What stands in a mark. */
export function logMark(firstByte: number): string {
  return `${String(firstByte).padStart(DIGITS, '0')}\n`;
}

/**
 * Says where the kept part of a log begins: as decimal text of a fixed width, always overwritten in place. Once the mark is there,
 * saying more takes no space, so that a log can be capped on a full disk. It is one write into one page, copied at once; a reader that
 * met it half done would see the upper digits of one offset with the lower of the other, begin at a wrong byte, and be right again
 * with its next look.
 */
export function writeLogMark(path: string, firstByte: number): void {
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT, 0o600);
  try {
    writeSync(file, logMark(firstByte), 0);
  } finally {
    closeSync(file);
  }
}
