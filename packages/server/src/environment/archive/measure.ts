import { type ArchiveListing, readCheckedMembers } from './checked-members.ts';
import { bytesOnDisk, type SpaceNeed } from './disk-space.ts';
import { refuseArchive } from './refusal.ts';

/**
 * Goes through an archive's list of members, and adds up what they say of themselves. An archive that holds to it takes so
 * much; one that does not is found out while it is unpacked.
 *
 * @throws {EnvironmentFailure} where a member must not be unpacked, or the sum is more than the budget; the signal's reason
 */
export async function measureArchive(listing: ArchiveListing, signal: AbortSignal): Promise<SpaceNeed> {
  let diskBytes = 0;
  let entries = 0;
  for await (const { entry, isDirectory, newDirectories } of readCheckedMembers(listing, signal)) {
    const problem = listing.budget.spendBytes(entry.uncompressedSize);
    if (problem !== null) throw refuseArchive(listing.uri, problem);
    diskBytes += newDirectories.length * bytesOnDisk(0);
    entries += newDirectories.length;
    if (isDirectory) continue;
    diskBytes += bytesOnDisk(entry.uncompressedSize);
    entries += 1;
  }
  return { diskBytes, entries };
}
