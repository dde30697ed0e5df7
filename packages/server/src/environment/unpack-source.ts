import { rm } from 'node:fs/promises';
import type { Slots } from '../timing/slots.ts';
import type { ArchiveLimits } from './archive/budget.ts';
import type { ReadDiskSpace } from './archive/disk-space.ts';
import { unpackArchive } from './archive/unpack.ts';
import { type ArchiveSource, EnvironmentFailure } from './environment.ts';
import { type ArchiveStores, locateArchive } from './locate-archive.ts';
import { fetchArchive } from './remote/fetch-archive.ts';
import { stripLoneTopFolder } from './remote/strip-top.ts';
import { withTimeLimit } from './time-limit.ts';

export interface UnpackOptions {
  archiveLimits: ArchiveLimits;
  /** Bounds how many archives are unpacked at once. */
  unpacking: Slots;
  readDiskSpace: ReadDiskSpace;
  stores: ArchiveStores;
  /** Whether a fetched archive loses its top folder, where it has but one: Ray's jobs expect it. */
  stripsTopFolder: boolean;
}

/**
 * Unpacks an archive, wherever it comes from. The job's time counts for fetching and for unpacking, not for the wait between them.
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
  const inTime = <T>(what: string, task: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const tooLate = `${uri} was not ${what} within ${waiter.timeoutMs / 1000} s (config.setup_timeout_seconds)`;
    return withTimeLimit(waiter, new EnvironmentFailure(tooLate), task);
  };
  const unpack = (locate: () => Promise<string>): Promise<number> =>
    options.unpacking.run(waiter.signal, () =>
      inTime('unpacked', async (signal) => {
        const request = { path: await locate(), uri, targetDirectory, limits, readDiskSpace };
        return (await unpackArchive(request, signal)).diskBytes;
      }),
    );
  if (source.kind !== 'remote') return unpack(() => locateArchive(source, stores.packages));

  const downloaded = `${targetDirectory}.fetched`;
  await rm(downloaded, { force: true });
  try {
    // Without a slot: a slow host must not keep others from unpacking.
    await inTime('fetched', (signal) => fetchArchive(uri, downloaded, stores.remote, signal));
    const diskBytes = await unpack(async () => downloaded);
    if (options.stripsTopFolder) await stripLoneTopFolder(targetDirectory);
    return diskBytes;
  } finally {
    await rm(downloaded, { force: true });
  }
}
