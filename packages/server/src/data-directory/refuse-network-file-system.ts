import { readFile } from 'node:fs/promises';
import { hasCode } from '../errors/system-error.ts';
import { DataDirectoryError } from './data-directory-error.ts';
import { findMount } from './mount-info.ts';
import { isNetworkFileSystem } from './network-file-system.ts';

/**
 * @param path absolute, without links
 * @param mountInfoPath the kernel's list; where it does not exist (other systems than Linux) nothing is refused
 * @throws {DataDirectoryError} where the path lies on a network file system
 */
export async function refuseNetworkFileSystem(path: string, mountInfoPath: string): Promise<void> {
  const mount = findMount(await readMountInfo(mountInfoPath), path);
  if (mount === null || !isNetworkFileSystem(mount.fileSystem)) return;
  throw new DataDirectoryError(
    `data directory ${path} lies on a network file system (${mount.fileSystem}, mounted at ${mount.mountPoint}): ` +
      'choose a directory on a local disk',
  );
}

async function readMountInfo(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return '';
    throw error;
  }
}
