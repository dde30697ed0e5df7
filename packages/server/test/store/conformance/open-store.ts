import { afterEach } from 'vitest';
import type { JobStore } from '../../../src/store/store.ts';

export interface OpenedStore {
  store: JobStore;
  /** Closes the store where the test has not, and removes what it was made of. */
  dispose(): Promise<void>;
}

/** Opens a new, empty store. */
export type OpenStore = () => Promise<OpenedStore>;

/** Opens stores for the tests of one group, and disposes of them after each. */
export function storesOf(open: OpenStore): () => Promise<JobStore> {
  let opened: OpenedStore[] = [];
  afterEach(async () => {
    for (const { dispose } of opened) await dispose();
    opened = [];
  });
  return async () => {
    const one = await open();
    opened.push(one);
    return one.store;
  };
}
