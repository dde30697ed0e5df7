import { close, constants, fstat, open, type Stats } from 'node:fs';
import { promisify } from 'node:util';
import { fromFdPromise, type ZipFile } from 'yauzl';
import { hasCode, isSystemError, reasonOf } from '../system-error.ts';
import { refuseArchive } from './refusal.ts';

export interface OpenZip {
  zip: ZipFile;
  /**
   * The same once more, since yauzl goes through the members only once. Only to be listed, before `zip` is closed, with
   * which its descriptor goes.
   */
  listing: ZipFile;
  /** Size of the archive itself. */
  bytes: number;
}

/**
 * Opens an archive once; everything after is read from that open file, whatever its name comes to mean.
 * The caller closes `zip`.
 *
 * @param uri the archive's name in messages
 * @throws {EnvironmentFailure} where there is no such file, or it is no zip
 */
export async function openZip(path: string, uri: string): Promise<OpenZip> {
  const fd = await openFile(path, uri);
  try {
    const stats = await promisify(fstat)(fd);
    if (!stats.isFile()) throw refuseArchive(uri, explainOtherFile(stats, path));
    const listing = await readDirectoryEnd(fd, uri);
    return { zip: await readDirectoryEnd(fd, uri), listing, bytes: stats.size };
  } catch (error) {
    await promisify(close)(fd);
    throw error;
  }
}

/** The plain descriptor, since yauzl closes it; a `FileHandle` would be closed a second time. */
async function openFile(path: string, uri: string): Promise<number> {
  try {
    // Without O_NONBLOCK a named pipe would hold us until someone writes to it.
    return await promisify(open)(path, constants.O_RDONLY | constants.O_NONBLOCK, 0);
  } catch (error) {
    throw refuseArchive(uri, `cannot be opened: ${explainOpenError(error)}`, error);
  }
}

function explainOpenError(error: unknown): string {
  if (hasCode(error, 'ENOENT', 'ENOTDIR')) return 'there is no such file on the machine of the server';
  if (hasCode(error, 'EACCES', 'EPERM')) return 'the server is not allowed to read it';
  return reasonOf(error);
}

function explainOtherFile(stats: Stats, path: string): string {
  if (!stats.isDirectory()) return 'is not a zip archive: it is no regular file';
  return `is not a zip archive: it is a directory; to work in it, give its path without a scheme: ${path}`;
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
