import { createHash } from 'node:crypto';
import { droverError } from '../../src/errors/drover-error.ts';
import { checkPackageName } from '../../src/packages/package-name.ts';
import type { PackageStore, StoredPackage } from '../../src/packages/package-store.ts';

/** Packages in memory, for tests of doors; nothing is ever on disk. */
export function createMemoryPackages(maxBytes = 1024 * 1024): PackageStore {
  const stored = new Map<string, StoredPackage>();
  return {
    maxBytes,
    async find(name) {
      checkPackageName(name);
      return stored.get(name) ?? null;
    },
    async put(name, bytes) {
      checkPackageName(name);
      const hash = createHash('sha256');
      let sizeBytes = 0;
      for await (const piece of bytes) {
        sizeBytes += piece.length;
        if (sizeBytes > maxBytes) throw droverError('PACKAGE_TOO_LARGE', { limitBytes: maxBytes });
        hash.update(piece);
      }
      const made = { name, sizeBytes, sha256: hash.digest('hex') };
      stored.set(name, made);
      return made;
    },
    locate: async () => null,
    sweep: async () => 0,
  };
}
