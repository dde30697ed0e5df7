import { access, constants, mkdir, rm, stat } from 'node:fs/promises';
import type { ArchiveLimits } from './archive/budget.ts';
import type { ReadDiskSpace } from './archive/disk-space.ts';
import { unpackArchive } from './archive/unpack.ts';
import { EnvironmentFailure, type WorkingDirectorySource } from './environment.ts';
import { type ArchiveStores, locateArchive } from './locate-archive.ts';
import type { Slots } from './slots.ts';
import { hasCode, reasonOf } from './system-error.ts';

export interface WorkingDirectoryOptions {
  archiveLimits: ArchiveLimits;
  /** Bounds how many archives are unpacked at once. */
  unpacking: Slots;
  readDiskSpace: ReadDiskSpace;
  stores: ArchiveStores;
}

export interface MadeWorkingDirectory {
  path: string;
  /** What an unpacked archive takes; 0 for any other. */
  diskBytes: number;
}

/**
 * Makes an attempt's working directory: the job's own directory in place, or `ownDirectory`.
 *
 * @param ownDirectory what was there, of a try before, is replaced
 * @throws {EnvironmentFailure}; the signal's reason; system errors as they are
 */
export async function makeWorkingDirectory(
  source: WorkingDirectorySource,
  ownDirectory: string,
  options: WorkingDirectoryOptions,
  waiter: { signal: AbortSignal; timeoutMs: number },
): Promise<MadeWorkingDirectory> {
  switch (source.kind) {
    case 'directory':
      await checkDirectory(source.path);
      return { path: source.path, diskBytes: 0 };
    case 'none':
      await rm(ownDirectory, { recursive: true, force: true });
      await mkdir(ownDirectory);
      return { path: ownDirectory, diskBytes: 0 };
    case 'file':
    case 'package':
      return options.unpacking.run(waiter.signal, async () => {
        const { uri } = source;
        const { archiveLimits: limits, readDiskSpace, stores } = options;
        const tooLate = `${uri} was not unpacked within ${waiter.timeoutMs / 1000} s (config.setup_timeout_seconds)`;
        const unpack = async (signal: AbortSignal) => {
          const path = await locateArchive(source, stores);
          return unpackArchive({ path, uri, targetDirectory: ownDirectory, limits, readDiskSpace }, signal);
        };
        const { diskBytes } = await withTimeLimit(waiter, new EnvironmentFailure(tooLate), unpack);
        return { path: ownDirectory, diskBytes };
      });
  }
}

/** Runs `task` with a signal that aborts with the waiter's, or with `tooLate` after its time. */
async function withTimeLimit<T>(
  waiter: { signal: AbortSignal; timeoutMs: number },
  tooLate: EnvironmentFailure,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  // Not AbortSignal.timeout, which cannot be ended before its time and holds on to all this for so long.
  const timer = setTimeout(() => limit.abort(tooLate), waiter.timeoutMs);
  try {
    return await task(AbortSignal.any([waiter.signal, limit.signal]));
  } finally {
    clearTimeout(timer);
  }
}

async function checkDirectory(path: string): Promise<void> {
  let isDirectory: boolean;
  try {
    isDirectory = (await stat(path)).isDirectory();
    if (isDirectory) await access(path, constants.X_OK);
  } catch (error) {
    throw new EnvironmentFailure(`working_dir ${path} cannot be used: ${explain(error)}`, { cause: error });
  }
  if (isDirectory) return;
  throw new EnvironmentFailure(
    `working_dir ${path} is no directory; an archive is given as file://${path}, and unpacked`,
  );
}

function explain(error: unknown): string {
  if (hasCode(error, 'ENOENT', 'ENOTDIR')) return 'there is no such directory on the machine of the server';
  if (hasCode(error, 'EACCES', 'EPERM')) return 'the server is not allowed to enter it';
  return reasonOf(error);
}
