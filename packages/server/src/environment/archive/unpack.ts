import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { hasCode } from '../../errors/system-error.ts';
import type { ArchiveReader } from './archive-reader.ts';
import { type ArchiveLimits, createArchiveBudget } from './budget.ts';
import { explainGivenUp, findSpaceProblem, type ReadDiskSpace, type SpaceNeed } from './disk-space.ts';
import { openArchiveFile } from './open-file.ts';
import { refuseArchive } from './refusal.ts';
import { createSpaceWatch } from './space-watch.ts';
import { createTarReader } from './tar-reader.ts';
import { openZipReader } from './zip-reader.ts';

export interface UnpackRequest {
  path: string;
  /** The archive's name in messages. */
  uri: string;
  /** Made by this; what was there is replaced. It exists only when everything was unpacked. */
  targetDirectory: string;
  limits: ArchiveLimits;
  readDiskSpace: ReadDiskSpace;
}

/**
 * Unpacks a zip archive, or a tar archive in gzip (its first bytes tell), hostile until proven otherwise, as it is: no top folder is stripped. One file at a time, and none before
 * all names and sizes were checked. Answers what it takes on disk.
 *
 * @throws {EnvironmentFailure} where the archive is the reason, or has no room on the file system (tried again, it would fill the disk
 * again); the signal's reason where it aborts; other errors of the file system as they are. Nothing is left behind then.
 */
export async function unpackArchive(request: UnpackRequest, signal: AbortSignal): Promise<SpaceNeed> {
  signal.throwIfAborted();
  const { path, uri, targetDirectory, limits, readDiskSpace } = request;
  const partialDirectory = `${targetDirectory}.partial`;
  await removeTree(targetDirectory);
  await removeTree(partialDirectory);
  const { reader, bytes } = await openReader(path, uri);
  try {
    const need = await reader.measure(createArchiveBudget(limits, bytes), signal);
    const parent = dirname(targetDirectory);
    const problem = findSpaceProblem(need, await readDiskSpace(parent));
    if (problem !== null) throw refuseArchive(uri, problem);
    // A budget of its own: the first one counted what the headers say, this one counts what there is.
    const guards = {
      budget: createArchiveBudget(limits, bytes),
      space: createSpaceWatch(parent, need, readDiskSpace),
    };
    try {
      await mkdir(partialDirectory);
      await reader.writeTo(partialDirectory, guards, signal);
      await rename(partialDirectory, targetDirectory);
    } catch (error) {
      await removeTree(partialDirectory);
      signal.throwIfAborted();
      throw explainFileSystem(error, uri, need);
    }
    return need;
  } finally {
    await reader.close();
  }
}

async function openReader(path: string, uri: string): Promise<{ reader: ArchiveReader; bytes: number }> {
  const { fd, bytes, isGzip } = await openArchiveFile(path, uri);
  return { reader: isGzip ? createTarReader(fd, uri) : await openZipReader(fd, uri), bytes };
}

/** What the file system says of an archive's names and size is the archive's doing; anything else is the machine's. */
function explainFileSystem(error: unknown, uri: string, need: SpaceNeed): unknown {
  if (hasCode(error, 'ENAMETOOLONG')) return refuseArchive(uri, 'has a path that is too long for this server', error);
  if (hasCode(error, 'EEXIST')) return refuseArchive(uri, 'has names that this file system cannot tell apart', error);
  if (hasCode(error, 'EFBIG')) return refuseArchive(uri, 'has a file that is too large for this file system', error);
  const isSpace = hasCode(error, 'ENOSPC', 'EDQUOT');
  return isSpace ? refuseArchive(uri, explainGivenUp(need, 'the file system had no space left'), error) : error;
}

function removeTree(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true });
}
