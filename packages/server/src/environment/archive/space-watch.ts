import {
  bytesOnDisk,
  explainGivenUp,
  formatBytes,
  type ReadDiskSpace,
  reserveBytes,
  type SpaceNeed,
} from './disk-space.ts';

/** Looks at the file system again and again while an archive is unpacked: others write to it too. */
export interface SpaceWatch {
  /** To be told of every piece that was written. Answers why unpacking must end here, or null to go on. */
  spend(count: number): Promise<string | null>;
}

/** Asking costs a tenth of a millisecond; writing so much, some tens of them. */
const LOOK_EVERY_BYTES = 64 * 1024 * 1024;

export function createSpaceWatch(directory: string, need: SpaceNeed, read: ReadDiskSpace): SpaceWatch {
  let unseenBytes = 0;
  return {
    async spend(count) {
      unseenBytes += bytesOnDisk(count);
      if (unseenBytes < LOOK_EVERY_BYTES) return null;
      unseenBytes = 0;
      const space = await read(directory);
      // Half of the reserve: what file systems write for themselves must not stop an archive that just fits.
      if (space.totalBytes === 0 || space.freeBytes >= reserveBytes(space) / 2) return null;
      return explainGivenUp(need, `only ${formatBytes(space.freeBytes)} are left, which are kept in reserve`);
    },
  };
}
