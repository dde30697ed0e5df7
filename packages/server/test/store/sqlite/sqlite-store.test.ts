import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { describeStore } from '../conformance.ts';

describeStore('SQLite', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'drover-store-'));
  const store = openSqliteStore({
    path: join(directory, 'jobs.db'),
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
