import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SearchSizes } from '../../../src/store/sqlite/search-index/search-index.ts';
import { openSqliteStore, type SqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { OutboxOptions } from '../../../src/store/webhook-store.ts';
import { describeStore } from '../conformance.ts';
import { PLAIN_OUTBOX } from '../plain-outbox.ts';

async function open(outbox: Partial<OutboxOptions> = {}, options: { search?: SearchSizes } = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'drover-store-'));
  const store = openSqliteStore({
    path: join(directory, 'jobs.db'),
    onFatal: fail,
    onIndexFailure: fail,
    outbox: { ...PLAIN_OUTBOX, ...outbox },
    ...options,
  });
  return {
    store,
    async dispose() {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
}

function fail(error: unknown): never {
  throw error;
}

describeStore('SQLite', open);

/** With blocks so small that searches of a few jobs go through the index. */
const openIndexed = (blockSeqs: number) => async (outbox?: Partial<OutboxOptions>) => {
  const { store, dispose } = await open(outbox, { search: { blockSeqs, firstLook: 0 } });
  return { store: listingIndexed(store), dispose };
};

describeStore('SQLite, indexed', openIndexed(64));

function listingIndexed(store: SqliteStore): SqliteStore {
  return {
    ...store,
    async list(query, signal) {
      await store.searchIndexed();
      return store.list(query, signal);
    },
  };
}
