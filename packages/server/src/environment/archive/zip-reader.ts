import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveReader } from './archive-reader.ts';
import { type CheckedMember, readCheckedMembers } from './checked-members.ts';
import { measureArchive } from './measure.ts';
import { memberPermissions } from './member-header.ts';
import { closeZip, openZip } from './open-zip.ts';
import { type OpenArchive, writeMember } from './write-member.ts';

/** Reads a zip archive. @param fd closed with the reader, or by this where it fails */
export async function openZipReader(fd: number, uri: string): Promise<ArchiveReader> {
  const { zip, listing } = await openZip(fd, uri);
  return {
    measure: (budget, signal) => measureArchive({ zip: listing, uri, budget }, signal),

    async writeTo(root, guards, signal) {
      const archive = { zip, uri, ...guards };
      // Checked once more, since the file may have been written to since.
      for await (const member of readCheckedMembers(archive, signal)) await unpackMember(archive, member, root, signal);
    },

    close: () => closeZip(zip),
  };
}

async function unpackMember(
  archive: OpenArchive,
  member: CheckedMember,
  root: string,
  signal: AbortSignal,
): Promise<void> {
  for (const directory of member.newDirectories) await mkdir(join(root, directory));
  const target = join(root, ...member.segments);
  if (member.isDirectory) await chmod(target, memberPermissions(member.entry, true));
  else await writeMember(archive, member, target, signal);
}
