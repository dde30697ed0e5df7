import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DataDirectoryError } from './data-directory-error.ts';

const SQLITE_BUSY = 5;

export interface DirectoryLock {
  release(): Promise<void>;
}

/**
 * Takes the directory for this process: an exclusive transaction held open on `lock.db`, whose locks the kernel drops
 * at any death. The pid lies in a file of its own and is only for the message. It must not be read from `lock.db`: closing
 * any other descriptor of that file would drop this process's locks (POSIX record locks, fcntl(2)).
 *
 * @throws {DataDirectoryError} where another server holds it
 */
export async function lockDirectory(path: string): Promise<DirectoryLock> {
  const pidPath = join(path, 'lock.pid');
  const db = takeLock(join(path, 'lock.db'));
  if (db === null) throw new DataDirectoryError(`data directory ${path} is in use by ${await describeHolder(pidPath)}`);
  // Only a message is the poorer without it: on a full disk, a server must be able to start and make room.
  await writeFile(pidPath, `${process.pid}\n`, { mode: 0o600 }).catch(() => undefined);
  return {
    async release() {
      if (!db.isOpen) return;
      await rm(pidPath, { force: true }).catch(() => undefined);
      if (db.isOpen) db.close();
    },
  };
}

/** Null where another process has the lock. */
function takeLock(path: string): DatabaseSync | null {
  const db = new DatabaseSync(path, { timeout: 0 });
  try {
    // Nothing is ever written, but SQLite makes a journal for its first page, for which a full disk has no space.
    db.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    return db;
  } catch (error) {
    db.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return null;
    throw error;
  }
}

async function describeHolder(pidPath: string): Promise<string> {
  try {
    const pid = (await readFile(pidPath, 'utf8')).trim();
    if (/^\d+$/.test(pid)) return `another drover (pid ${pid})`;
  } catch {
    // The holder has not written it yet, or removes it while it ends: the message does without.
  }
  return 'another drover';
}
