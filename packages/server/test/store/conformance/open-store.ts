import { afterEach } from 'vitest';
import type { JobStore } from '../../../src/store/store.ts';
import type { OutboxOptions } from '../../../src/store/webhook-store.ts';

export interface OpenedStore {
  store: JobStore;
  /** Closes the store where the test has not, and removes what it was made of. */
  dispose(): Promise<void>;
}

/** Opens a new, empty store. @param outbox what is to differ from `PLAIN_OUTBOX` */
export type OpenStore = (outbox?: Partial<OutboxOptions>) => Promise<OpenedStore>;

/** Opens stores for the tests of one group, and disposes of them after each. */
export function storesOf(open: OpenStore): (outbox?: Partial<OutboxOptions>) => Promise<JobStore> {
  let opened: OpenedStore[] = [];
  afterEach(async () => {
    for (const { dispose } of opened) await dispose();
    opened = [];
  });
  return async (outbox) => {
    const one = await open(outbox);
    opened.push(one);
    return one.store;
  };
}
