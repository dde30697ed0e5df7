import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { errorCode, isOutOfSpace } from './error-code.ts';
import { WITHDRAWN_LINE } from './grammar.ts';

/**
 * Takes the claim of an attempt, so that no supervisor ever will. True if it is ours now (also where the attempt's
 * directory is gone: nobody can claim there). Throws what the file system throws, such as a full disk.
 */
export function takeClaim(recordPath: string): boolean {
  let file: number;
  try {
    file = openSync(recordPath, 'wx', 0o600);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return false;
    if (code === 'ENOENT') return true;
    throw error;
  }
  writeLine(file, WITHDRAWN_LINE);
  return true;
}

/** Says in a record that was claimed by a supervisor which died before its first line that no driver was started. */
export function giveUpClaim(recordPath: string): void {
  const file = openIfThere(recordPath);
  // After a newline, which closes what its supervisor could not write whole.
  if (file !== null) writeLine(file, `\n${WITHDRAWN_LINE}`);
}

/** Null where the record was removed: then nobody looks for lines in it, and a new one would be a claim. */
function openIfThere(recordPath: string): number | null {
  try {
    return openSync(recordPath, constants.O_WRONLY | constants.O_APPEND);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

function writeLine(file: number, line: string): void {
  try {
    writeSync(file, line);
  } catch (error) {
    // The claim holds without its line: a record without one, and without a process, means the same.
    if (!isOutOfSpace(error)) throw error;
  } finally {
    closeSync(file);
  }
}
