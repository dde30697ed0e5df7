import type { ArchiveLimits } from './archive/budget.ts';
import type { ReadDiskSpace } from './archive/disk-space.ts';
import { unpackArchive } from './archive/unpack.ts';
import { type ArchiveSource, EnvironmentFailure } from './environment.ts';
import { type ArchiveStores, locateArchive } from './locate-archive.ts';
import type { Slots } from './slots.ts';

export interface UnpackOptions {
  archiveLimits: ArchiveLimits;
  /** Bounds how many archives are unpacked at once. */
  unpacking: Slots;
  readDiskSpace: ReadDiskSpace;
  stores: ArchiveStores;
}

/**
 * Unpacks an archive, wherever it comes from, when there is a slot for it and within the job's time.
 *
 * @param targetDirectory what was there is replaced
 * @returns the disk space it takes, in bytes
 * @throws {EnvironmentFailure}; the signal's reason; system errors as they are
 */
export async function unpackSource(
  source: ArchiveSource,
  targetDirectory: string,
  options: UnpackOptions,
  waiter: { signal: AbortSignal; timeoutMs: number },
): Promise<number> {
  const { uri } = source;
  const { archiveLimits: limits, readDiskSpace, stores } = options;
  return options.unpacking.run(waiter.signal, () => {
    const tooLate = `${uri} was not unpacked within ${waiter.timeoutMs / 1000} s (config.setup_timeout_seconds)`;
    return withTimeLimit(waiter, new EnvironmentFailure(tooLate), async (signal) => {
      const path = await locateArchive(source, stores);
      return (await unpackArchive({ path, uri, targetDirectory, limits, readDiskSpace }, signal)).diskBytes;
    });
  });
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
