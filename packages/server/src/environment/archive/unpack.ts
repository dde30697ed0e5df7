import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../system-error.ts';
import { type ArchiveLimits, createArchiveBudget } from './budget.ts';
import { findHeaderProblem, memberPermissions } from './member-header.ts';
import { parseMemberPath } from './member-path.ts';
import { closeZip, openZip } from './open-zip.ts';
import { type Member, readMembers } from './read-members.ts';
import { refuseArchive, refuseMember } from './refusal.ts';
import { type ArchiveTree, createArchiveTree } from './tree.ts';
import { type OpenArchive, writeMember } from './write-member.ts';

export interface UnpackRequest {
  path: string;
  /** The archive's name in messages. */
  uri: string;
  /** Made by this; what was there is replaced. It exists only when everything was unpacked. */
  targetDirectory: string;
  limits: ArchiveLimits;
}

/**
 * Unpacks a zip archive, hostile until proven otherwise, as it is: no top folder is stripped. One file at a time.
 *
 * @throws {EnvironmentFailure} where the archive is the reason; the signal's reason where it aborts; errors of the
 * file system (no space) as they are. Nothing is left behind then.
 */
export async function unpackZip(request: UnpackRequest, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const { path, uri, targetDirectory, limits } = request;
  const partialDirectory = `${targetDirectory}.partial`;
  await removeTree(targetDirectory);
  await removeTree(partialDirectory);
  const { zip, bytes } = await openZip(path, uri);
  try {
    await mkdir(partialDirectory);
    const archive = { zip, uri, budget: createArchiveBudget(limits, bytes) };
    await unpackMembers(archive, partialDirectory, signal);
    await rename(partialDirectory, targetDirectory);
  } catch (error) {
    await removeTree(partialDirectory);
    signal.throwIfAborted();
    throw explainFileSystem(error, uri);
  } finally {
    await closeZip(zip);
  }
}

async function unpackMembers(archive: OpenArchive, root: string, signal: AbortSignal): Promise<void> {
  const tree = createArchiveTree();
  const problem = archive.budget.checkEntries(archive.zip.entryCount);
  if (problem !== null) throw refuseArchive(archive.uri, problem);
  for await (const member of readMembers(archive.zip, archive.uri)) {
    signal.throwIfAborted();
    await unpackMember(archive, member, root, tree, signal);
  }
}

async function unpackMember(
  archive: OpenArchive,
  member: Member,
  root: string,
  tree: ArchiveTree,
  signal: AbortSignal,
): Promise<void> {
  const { uri, budget } = archive;
  const { entry, name } = member;
  const path = parseMemberPath(name);
  if (!path.ok) throw refuseMember(uri, name, path.problem);
  const { segments, isDirectory } = path;
  const headerProblem = findHeaderProblem(entry, isDirectory);
  if (headerProblem !== null) throw refuseMember(uri, name, headerProblem);
  // `./`, which some archivers write, is there already.
  if (segments.length === 0) return;

  const addition = tree.add(segments, isDirectory);
  if (!addition.ok) throw refuseMember(uri, name, addition.problem);
  const bomb = budget.checkEntries(tree.size()) ?? budget.checkPaths(tree.pathBytes());
  if (bomb !== null) throw refuseArchive(uri, bomb);

  for (const directory of addition.newDirectories) await mkdir(join(root, directory));
  const target = join(root, ...segments);
  if (isDirectory) await chmod(target, memberPermissions(entry, true));
  else await writeMember(archive, member, target, signal);
}

/** What the file system says of an archive's names is the archive's doing; anything else is the machine's. */
function explainFileSystem(error: unknown, uri: string): unknown {
  if (hasCode(error, 'ENAMETOOLONG')) return refuseArchive(uri, 'has a path that is too long for this server', error);
  if (hasCode(error, 'EEXIST')) return refuseArchive(uri, 'has names that this file system cannot tell apart', error);
  return error;
}

function removeTree(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true });
}
