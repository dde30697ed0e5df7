import { randomBytes } from 'node:crypto';
import { readdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../../errors/system-error.ts';
import { removeTree } from '../remove-tree.ts';
import { KEY_PATTERN } from './cache-key.ts';

/**
 * Which build of a set is the one to use: a symbolic link `<key>` to the directory `<key>-<random>`. Builds are never made in
 * place, so a half-made one, even of a server that was killed and whose pip still runs, is never found.
 */
export interface PublishedBuilds {
  /** Name of the build's directory; null where none is published. */
  find(key: string): Promise<string | null>;
  /** Atomic; the build must be on disk. An earlier build of the same key is no longer found. */
  publish(key: string, name: string): Promise<void>;
  /** Published or not. */
  listBuilds(): Promise<string[]>;
  isPublished(name: string): Promise<boolean>;
  /** First the link, then the files: what is left after a crash is found no more, and removed the next time. */
  remove(name: string): Promise<void>;
}

const BUILD_NAME = /^[0-9a-f]{32}-[0-9a-f]+$/;

/** A directory name that was never used before. */
export function newBuildName(key: string): string {
  return `${key}-${randomBytes(6).toString('hex')}`;
}

export function createPublishedBuilds(cacheDir: string): PublishedBuilds {
  async function find(key: string): Promise<string | null> {
    try {
      return await readlink(join(cacheDir, key));
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return null;
      throw error;
    }
  }

  async function isPublished(name: string): Promise<boolean> {
    return (await find(keyOf(name))) === name;
  }

  return {
    find,
    isPublished,

    async publish(key, name) {
      const link = join(cacheDir, `${name}.link`);
      await symlink(name, link);
      await rename(link, join(cacheDir, key));
    },

    async listBuilds() {
      const names = await readdir(cacheDir);
      return names.filter((name) => BUILD_NAME.test(name) && KEY_PATTERN.test(keyOf(name)));
    },

    async remove(name) {
      if (await isPublished(name)) await rm(join(cacheDir, keyOf(name)));
      await rm(join(cacheDir, `${name}.link`), { force: true });
      await removeTree(join(cacheDir, name));
    },
  };
}

function keyOf(name: string): string {
  return name.slice(0, name.indexOf('-'));
}
