import { closeSync, constants, fstatSync, futimesSync, openSync, writeSync } from 'node:fs';
import { errorCode, isOutOfSpace } from './error-code.ts';

/**
 * Appends a line of the server's to a record, where there is one (making it would be a claim). The record's time stays that of its
 * supervisor's last line, which is when the driver ended.
 */
export function appendLine(recordPath: string, line: string): void {
  let file: number;
  try {
    file = openSync(recordPath, constants.O_WRONLY | constants.O_APPEND);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  try {
    const { atimeMs, mtimeMs } = fstatSync(file);
    // After a newline, which closes what a supervisor could not write whole.
    writeIfSpace(file, `\n${line}`);
    futimesSync(file, atimeMs / 1000, mtimeMs / 1000);
  } finally {
    closeSync(file);
  }
}

/** Writes what a server can do without: it only spares the next one from finding out again, if that still can. */
export function writeIfSpace(file: number, text: string): void {
  try {
    writeSync(file, text);
  } catch (error) {
    if (!isOutOfSpace(error)) throw error;
  }
}
