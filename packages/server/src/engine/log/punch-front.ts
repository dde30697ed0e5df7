import { execFile } from 'node:child_process';
import { closeSync, fstatSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorCode, isOutOfSpace } from '../record/error-code.ts';

/** Holes begin and end at multiples of this, or the file system would only write zeros. */
export const BLOCK_BYTES = 4096;

/**
 * Gives the first bytes of a file back to the file system: from then on they read as zeros, and what follows stays where it is.
 *
 * @param asUser who does it, and sees nothing of the server's environment; null: the server's own user
 */
export async function punchFront(
  path: string,
  lengthBytes: number,
  asUser: { uid: number; gid: number } | null = null,
): Promise<void> {
  const options = asUser === null ? {} : { ...asUser, env: { PATH: process.env.PATH, LC_ALL: 'C' } };
  const range = ['--offset', '0', '--length', String(lengthBytes)];
  await promisify(execFile)('fallocate', ['--punch-hole', '--keep-size', ...range, path], options);
}

/**
 * Tries on a file in `directory` whether holes can be punched there; answers why not, or null. Throws where the trial itself is
 * impossible just now: without space for the file, say, or too many being open.
 */
export async function findPunchObstacle(directory: string): Promise<string | null> {
  const path = join(directory, `.punch-${process.pid}`);
  const file = openSync(path, 'w', 0o600);
  try {
    writeWhatFits(file, Buffer.alloc(16 * BLOCK_BYTES, 'x'));
    const { size } = fstatSync(file);
    await punchFront(path, 15 * BLOCK_BYTES);
    return fstatSync(file).size === size ? null : 'fallocate changed the size of the file';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'there is no fallocate(1)';
    // fallocate ran, and says what it was refused.
    if (error instanceof Error && 'stderr' in error && errorCode(error) === undefined) return error.message.trim();
    throw error;
  } finally {
    closeSync(file);
    rmSync(path, { force: true });
  }
}

/** Nothing is learned from fewer bytes that more would teach: a file system that cannot punch says so of an empty file. */
function writeWhatFits(file: number, bytes: Buffer): void {
  try {
    writeSync(file, bytes);
  } catch (error) {
    if (!isOutOfSpace(error)) throw error;
  }
}
