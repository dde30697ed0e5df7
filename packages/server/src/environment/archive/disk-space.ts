import { statfs } from 'node:fs/promises';

/** What a file system has. Numbers are 0 where it does not tell. */
export interface DiskSpace {
  totalBytes: number;
  /** What we may still write. */
  freeBytes: number;
  totalEntries: number;
  /** Files and folders that can still be made. */
  freeEntries: number;
}

/** What an archive takes when it is unpacked. */
export interface SpaceNeed {
  /** See {@link bytesOnDisk}. */
  diskBytes: number;
  /** Files and folders. */
  entries: number;
}

export type ReadDiskSpace = (directory: string) => Promise<DiskSpace>;

export const readDiskSpace: ReadDiskSpace = async (directory) => {
  const { bsize, blocks, bavail, files, ffree } = await statfs(directory);
  return { totalBytes: blocks * bsize, freeBytes: bavail * bsize, totalEntries: files, freeEntries: ffree };
};

const BLOCK_BYTES = 4096;
const GIB = 1024 ** 3;

/** The space that a file of so many bytes takes, in blocks of 4 KiB. A folder takes one block, and so does an empty file's entry. */
export function bytesOnDisk(fileBytes: number): number {
  return Math.max(1, Math.ceil(fileBytes / BLOCK_BYTES)) * BLOCK_BYTES;
}

/**
 * What no archive may take: the server needs space to record submits and ends, drivers need it for their output. 1 GiB, or
 * 5 % of a file system of less than 20 GiB.
 */
export function reserveBytes({ totalBytes }: DiskSpace): number {
  return Math.min(GIB, Math.floor(totalBytes / 20));
}

/** Why there is no room for it, reading on after the archive's name; null where there is. */
export function findSpaceProblem(need: SpaceNeed, space: DiskSpace): string | null {
  if (space.totalBytes > 0) {
    const needed = `needs ${formatBytes(need.diskBytes)} of disk space`;
    const reserve = reserveBytes(space);
    if (need.diskBytes > space.totalBytes - reserve) {
      return `${needed}; the whole file system has ${formatBytes(space.totalBytes)}, so that it can never be unpacked there`;
    }
    if (need.diskBytes > space.freeBytes - reserve) {
      return `${needed}; ${formatBytes(space.freeBytes)} are free, of which ${formatBytes(reserve)} are kept in reserve`;
    }
  }
  if (space.totalEntries > 0 && need.entries > space.freeEntries) {
    return `needs ${need.entries} files and folders; the file system has room for ${space.freeEntries}`;
  }
  return null;
}

/** For an archive that had room when it was begun; reads on after its name. */
export function explainGivenUp(need: SpaceNeed, reason: string): string {
  const needed = formatBytes(need.diskBytes);
  return `needs ${needed} of disk space and was given up half unpacked: ${reason}. What was unpacked is removed again`;
}

/** For people: `15.0 GiB`, `512 bytes`. */
export function formatBytes(bytes: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let text = `${bytes} bytes`;
  let amount = bytes;
  for (const unit of units) {
    if (amount < 1024) break;
    amount /= 1024;
    text = `${amount.toFixed(1)} ${unit}`;
  }
  return text;
}
