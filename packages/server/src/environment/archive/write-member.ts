import { constants, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { isSystemError, reasonOf } from '../../errors/system-error.ts';
import { EnvironmentFailure } from '../environment.ts';
import type { ArchiveListing } from './checked-members.ts';
import { isDeflated, memberPermissions } from './member-header.ts';
import type { Member } from './read-members.ts';
import { refuseArchive, refuseMember } from './refusal.ts';
import type { SpaceWatch } from './space-watch.ts';

const CHUNK_BYTES = 64 * 1024;

/** An archive while it is unpacked. */
export interface OpenArchive extends ArchiveListing {
  space: SpaceWatch;
}

/**
 * Writes one file of an archive. What is counted and summed is what comes out of the inflater, chunk by chunk: yauzl itself
 * checks no sums, and headers can say anything.
 *
 * @param path a name that does not exist yet, in a folder of ours
 * @throws {EnvironmentFailure} where content and header differ, or the budget or the disk's space is spent
 */
export async function writeMember(
  archive: OpenArchive,
  member: Member,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const { uri, budget, space } = archive;
  const { entry, name } = member;
  // O_EXCL and O_NOFOLLOW: whatever lies there already, on any file system, is neither overwritten nor followed.
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    let bytes = 0;
    let sum = 0;
    await readContent(archive, member, signal, async (chunk) => {
      bytes += chunk.length;
      sum = crc32(chunk, sum);
      if (bytes > entry.uncompressedSize) throw refuseMember(uri, name, 'holds more bytes than its header says');
      const problem = budget.spendBytes(chunk.length);
      if (problem !== null) throw refuseArchive(uri, problem);
      await file.appendFile(chunk);
      const spaceProblem = await space.spend(chunk.length);
      if (spaceProblem !== null) throw refuseArchive(uri, spaceProblem);
    });
    if (bytes !== entry.uncompressedSize) throw refuseMember(uri, name, 'holds fewer bytes than its header says');
    if (sum !== entry.crc32) throw refuseMember(uri, name, 'is damaged: its checksum is wrong');
    // Not given to open, where the server's umask would take from it.
    await file.chmod(memberPermissions(entry, false));
  } finally {
    await file.close();
  }
}

async function readContent(
  archive: OpenArchive,
  { entry, name }: Member,
  signal: AbortSignal,
  take: (chunk: Buffer) => Promise<void>,
): Promise<void> {
  const takeAll = async (content: AsyncIterable<Buffer>) => {
    for await (const chunk of content) await take(chunk);
  };
  try {
    const packed: Readable = await archive.zip.openReadStreamPromise(entry, { decodeFileData: false });
    if (isDeflated(entry)) await pipeline(packed, createInflateRaw({ chunkSize: CHUNK_BYTES }), takeAll, { signal });
    else await pipeline(packed, takeAll, { signal });
  } catch (error) {
    if (signal.aborted || isSystemError(error) || error instanceof EnvironmentFailure) throw error;
    throw refuseMember(archive.uri, name, `is damaged: ${reasonOf(error)}`, error);
  }
}
