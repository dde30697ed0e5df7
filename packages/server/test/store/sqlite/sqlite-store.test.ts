import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { describeStore } from '../conformance.ts';
import { PLAIN_OUTBOX } from '../plain-outbox.ts';

describeStore('SQLite', async (outbox) => {
  const directory = await mkdtemp(join(tmpdir(), 'drover-store-'));
  const store = openSqliteStore({
    path: join(directory, 'jobs.db'),
    outbox: { ...PLAIN_OUTBOX, ...outbox },
    onFatal: (error) => {
      throw error;
    },
  });
  return {
    store,
    async dispose() {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
});
