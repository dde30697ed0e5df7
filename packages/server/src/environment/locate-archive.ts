import type { PackageStore } from '../packages/package-store.ts';
import { type ArchiveSource, EnvironmentFailure } from './environment.ts';
import type { RemoteOptions } from './remote/fetch-archive.ts';

/** Where archives come from. */
export interface ArchiveStores {
  packages: Pick<PackageStore, 'locate'>;
  remote: RemoteOptions;
}

/**
 * The path of an archive that is on this machine.
 * @throws {EnvironmentFailure} where nobody has uploaded it
 */
export async function locateArchive(
  source: Exclude<ArchiveSource, { kind: 'remote' }>,
  packages: ArchiveStores['packages'],
): Promise<string> {
  if (source.kind === 'file') return source.path;
  const path = await packages.locate(source.name);
  if (path !== null) return path;
  throw new EnvironmentFailure(
    `${source.uri} is not on this server: it was never uploaded, or nobody asked for it for long and it was removed; upload it again`,
  );
}
