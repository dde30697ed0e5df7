import { closeSync, openSync } from 'node:fs';
import { appendLine, writeIfSpace } from './append-line.ts';
import { errorCode } from './error-code.ts';
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
  // The claim holds without its line: a record without one, and without a process, means the same.
  try {
    writeIfSpace(file, WITHDRAWN_LINE);
  } finally {
    closeSync(file);
  }
  return true;
}

/** Says in a record that was claimed by a supervisor which died before its first line that no driver was started. */
export function giveUpClaim(recordPath: string): void {
  appendLine(recordPath, WITHDRAWN_LINE);
}
