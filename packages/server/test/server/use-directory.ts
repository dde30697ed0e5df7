import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { removeTree } from '../../src/environment/remove-tree.ts';

/** A new one for each test, or one for all tests of the file. */
export type Lifetime = 'each' | 'all';

export function hooksOf(lifetime: Lifetime) {
  return lifetime === 'each' ? { before: beforeEach, after: afterEach } : { before: beforeAll, after: afterAll };
}

/** A temporary directory, which is there before hooks that are registered later, and gone with whatever a driver left in it. */
export function useDirectory(lifetime: Lifetime = 'each'): { readonly path: string } {
  const { before, after } = hooksOf(lifetime);
  let path = '';

  before(async () => {
    path = await mkdtemp(join(tmpdir(), 'drover-test-'));
  });

  after(() => removeTree(path));

  return {
    get path() {
      return path;
    },
  };
}
