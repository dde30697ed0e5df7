import { spawnSync } from 'node:child_process';
import { mkdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { entryFile } from '../../order/entry-file.ts';
import { errorCode } from '../../record/error-code.ts';

/** Makes a directory that may be there already. */
export function ensureDirectory(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

/** Removes a directory, unless something is in it. */
export function removeIfUnused(path: string): void {
  try {
    rmdirSync(path);
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOENT' && code !== 'EBUSY' && code !== 'ENOTEMPTY') throw error;
  }
}

/**
 * Tries what every attempt will do: makes a cgroup in `parent`, sets it up, has a process enter it, and removes it. Throws
 * what stands in the way.
 */
export function probeCgroup(parent: string, setUp: (directory: string) => void): void {
  const directory = join(parent, `probe-${process.pid}`);
  ensureDirectory(directory);
  try {
    setUp(directory);
    const entry = entryFile(directory);
    const tried = spawnSync('/bin/sh', ['-c', 'echo 0 >"$1"', 'sh', entry], { stdio: ['ignore', 'ignore', 'pipe'] });
    if (tried.status !== 0) throw new Error(`no process can be moved to ${entry}: ${tried.stderr.toString().trim()}`);
  } finally {
    removeIfUnused(directory);
  }
}
