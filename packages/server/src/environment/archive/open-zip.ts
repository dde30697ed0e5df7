import { fromFdPromise, type ZipFile } from 'yauzl';
import { isSystemError, reasonOf } from '../../errors/system-error.ts';
import { closeFile } from './open-file.ts';
import { refuseArchive } from './refusal.ts';

export interface OpenZip {
  zip: ZipFile;
  /**
   * The same once more, since yauzl goes through the members only once. Only to be listed, before `zip` is closed, with
   * which its descriptor goes.
   */
  listing: ZipFile;
}

/**
 * Reads where the members of a zip archive lie. The descriptor is closed with `zip`, or by this where it fails.
 *
 * @param uri the archive's name in messages
 * @throws {EnvironmentFailure} where it is no zip
 */
export async function openZip(fd: number, uri: string): Promise<OpenZip> {
  try {
    const listing = await readDirectoryEnd(fd, uri);
    return { zip: await readDirectoryEnd(fd, uri), listing };
  } catch (error) {
    await closeFile(fd);
    throw error;
  }
}

async function readDirectoryEnd(fd: number, uri: string): Promise<ZipFile> {
  try {
    // Names are decoded and checked by us, every one, so yauzl's own milder check is left out.
    const zip = await fromFdPromise(fd, { lazyEntries: true, autoClose: false, decodeStrings: false });
    // Errors while reading reach whoever reads; one while closing, heard only here, spoils nothing that was read.
    zip.on('error', () => {});
    return zip;
  } catch (error) {
    if (isSystemError(error)) throw error;
    throw refuseArchive(uri, `is not a zip archive: ${reasonOf(error)}`, error);
  }
}

/** Gives the descriptor back. Resolves when it is closed. */
export function closeZip(zip: ZipFile): Promise<void> {
  return new Promise((resolve) => {
    zip.once('close', resolve).once('error', () => resolve());
    zip.close();
  });
}
