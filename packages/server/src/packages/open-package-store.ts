import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { droverError } from '../errors/drover-error.ts';
import { hasCode } from '../errors/system-error.ts';
import { createLeases } from './leases.ts';
import { checkPackageName } from './package-name.ts';
import type { PackageStore, StoredPackage } from './package-store.ts';
import { receiveBytes } from './receive-bytes.ts';

export interface PackageStoreOptions {
  /** A directory of the store's own, below a data directory that no other server has. Made where it is missing. */
  directory: string;
  /** Largest package. */
  maxBytes: number;
  /** How long a package stays that nobody asks for and no job refers to. */
  expiryMs: number;
  /** Milliseconds that never go back. Default: the process's clock. */
  clock?: () => number;
  /** Hears of packages that have changed on disk. */
  warn(message: string): void;
}

/**
 * Opens the store, and removes what a server that was killed received in part.
 *
 * On disk: `contents/SHA256` holds bytes, `names/NAME` is a link to them, and `incoming/` takes what is not complete yet. Links
 * and contents come about by renaming, so that nothing half-made is ever found under its name.
 */
export async function openPackageStore(options: PackageStoreOptions): Promise<PackageStore> {
  const { directory, maxBytes, warn } = options;
  const clock = options.clock ?? (() => performance.now());
  const names = join(directory, 'names');
  const contents = join(directory, 'contents');
  const incoming = join(directory, 'incoming');
  await rm(incoming, { recursive: true, force: true });
  for (const folder of [names, contents, incoming]) await mkdir(folder, { recursive: true, mode: 0o700 });
  const nameLeases = createLeases(options.expiryMs, clock);
  const contentLeases = createLeases(options.expiryMs, clock);

  async function read(name: string): Promise<StoredPackage | null> {
    try {
      const sha256 = basename(await readlink(join(names, name)));
      return { name, sha256, sizeBytes: (await stat(join(contents, sha256))).size };
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return null;
      throw error;
    }
  }

  async function find(name: string): Promise<StoredPackage | null> {
    checkPackageName(name);
    // Only what exists gets a lease: made-up names must not fill the memory.
    if ((await read(name)) === null) return null;
    await nameLeases.renew(name);
    return read(name);
  }

  async function publish(name: string, arrived: string, sha256: string): Promise<void> {
    await contentLeases.renew(sha256);
    await rename(arrived, join(contents, sha256));
    await syncDirectory(contents);
    const link = `${arrived}.link`;
    await symlink(join('..', 'contents', sha256), link);
    await nameLeases.renew(name);
    await rename(link, join(names, name));
    await syncDirectory(names);
    await nameLeases.renew(name);
  }

  return {
    maxBytes,
    find,

    async put(name, bytes) {
      checkPackageName(name);
      const arrived = join(incoming, randomUUID());
      try {
        const { sizeBytes, sha256 } = await receiveBytes(arrived, bytes, maxBytes);
        await publish(name, arrived, sha256);
        return { name, sizeBytes, sha256 };
      } catch (error) {
        await rm(arrived, { force: true });
        await rm(`${arrived}.link`, { force: true });
        throw hasCode(error, 'ENOSPC', 'EDQUOT') ? droverError('STORAGE_FULL', {}, error) : error;
      }
    },

    async locate(name) {
      const found = await find(name);
      if (found === null) return null;
      const path = join(contents, found.sha256);
      await contentLeases.renew(found.sha256);
      if ((await checksumOf(path)) === found.sha256) return path;
      // Without its bytes the name is free, and the next client that asks for it uploads it again.
      await rm(path, { force: true });
      warn(`package ${name} had changed on disk, and was removed: its bytes no longer agree with their checksum`);
      return null;
    },

    async sweep(isReferenced) {
      let removed = 0;
      for (const name of await readdir(names)) {
        if (!nameLeases.isExpired(name) || (await isReferenced(name))) continue;
        if (await nameLeases.removeExpired(name, () => rm(join(names, name), { force: true }))) removed += 1;
      }
      const linked = await Promise.all((await readdir(names)).map(read));
      const needed = new Set(linked.map((found) => found?.sha256));
      for (const sha256 of await readdir(contents)) {
        if (needed.has(sha256)) continue;
        await contentLeases.removeExpired(sha256, () => rm(join(contents, sha256), { force: true }));
      }
      nameLeases.prune();
      contentLeases.prune();
      return removed;
    },
  };
}

async function checksumOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest('hex');
}

/** A new name survives a power cut only when its directory is on disk. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
