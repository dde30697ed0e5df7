import type { ZipFile } from 'yauzl';
import type { ArchiveBudget } from './budget.ts';
import { findHeaderProblem } from './member-header.ts';
import { parseMemberPath } from './member-path.ts';
import { type Member, readMembers } from './read-members.ts';
import { refuseArchive, refuseMember } from './refusal.ts';
import { createArchiveTree } from './tree.ts';

/** An archive's list of members. */
export interface ArchiveListing {
  zip: ZipFile;
  /** The archive's name in messages. */
  uri: string;
  budget: ArchiveBudget;
}

/** A member that may be unpacked, as far as its header and those before it tell. */
export interface CheckedMember extends Member {
  /** Joined with `/` they stay inside any root. */
  segments: readonly string[];
  isDirectory: boolean;
  /** Folders that have to be made first, outermost first, itself included where it is one. */
  newDirectories: readonly string[];
}

/**
 * The members in their order, each checked before it is given. Left out is an entry for the root.
 * @throws {EnvironmentFailure} at the first that must not be unpacked; the signal's reason
 */
export async function* readCheckedMembers(
  { zip, uri, budget }: ArchiveListing,
  signal: AbortSignal,
): AsyncGenerator<CheckedMember, void, undefined> {
  const tree = createArchiveTree();
  const tooMany = budget.checkEntries(zip.entryCount);
  if (tooMany !== null) throw refuseArchive(uri, tooMany);
  for await (const { entry, name } of readMembers(zip, uri)) {
    signal.throwIfAborted();
    const path = parseMemberPath(name);
    if (!path.ok) throw refuseMember(uri, name, path.problem);
    const { segments, isDirectory } = path;
    const headerProblem = findHeaderProblem(entry, isDirectory);
    if (headerProblem !== null) throw refuseMember(uri, name, headerProblem);
    // `./`, which some archivers write, is there already.
    if (segments.length === 0) continue;

    const addition = tree.add(segments, isDirectory);
    if (!addition.ok) throw refuseMember(uri, name, addition.problem);
    const bomb = budget.checkEntries(tree.size()) ?? budget.checkPaths(tree.pathBytes());
    if (bomb !== null) throw refuseArchive(uri, bomb);
    yield { entry, name, segments, isDirectory, newDirectories: addition.newDirectories };
  }
}
