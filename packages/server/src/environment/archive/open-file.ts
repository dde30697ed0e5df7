import { close, constants, fstat, open, read, type Stats } from 'node:fs';
import { promisify } from 'node:util';
import { hasCode, reasonOf } from '../../errors/system-error.ts';
import { refuseArchive } from './refusal.ts';

const CHUNK_BYTES = 64 * 1024;

export interface ArchiveFile {
  /** The plain descriptor, since yauzl closes it; a `FileHandle` would be closed a second time. */
  fd: number;
  /** Size of the archive itself. */
  bytes: number;
  /** By its first bytes, whatever it is called: RFC 1952, 2.3.1. */
  isGzip: boolean;
}

/**
 * Opens an archive once; everything after is read from that open file, whatever its name comes to mean.
 *
 * @param uri the archive's name in messages
 * @throws {EnvironmentFailure} where there is no such file
 */
export async function openArchiveFile(path: string, uri: string): Promise<ArchiveFile> {
  const fd = await openFile(path, uri);
  try {
    const stats = await promisify(fstat)(fd);
    if (!stats.isFile()) throw refuseArchive(uri, explainOtherFile(stats, path));
    const magic = Buffer.alloc(2);
    await promisify(read)(fd, magic, 0, 2, 0);
    return { fd, bytes: stats.size, isGzip: magic.equals(Buffer.from([0x1f, 0x8b])) };
  } catch (error) {
    await closeFile(fd);
    throw error;
  }
}

export const closeFile = promisify(close);

/** All bytes from the beginning. Unlike a stream of Node, it never closes the descriptor, which may be another file's by then. */
export async function* readFrom(fd: number): AsyncGenerator<Buffer, void> {
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await promisify(read)(fd, Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

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
  if (!stats.isDirectory()) return 'is no archive: it is no regular file';
  return `is no archive: it is a directory; to work in it, give its path without a scheme: ${path}`;
}
