import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { PLAIN_OUTBOX } from '../plain-outbox.ts';
import { sampleJob } from '../sample-jobs.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const JOBS = 1000;

test('a search that nobody waits for any more ends early, as a page that can be continued', async () => {
  const store = openSqliteStore({
    path: join(await temporaryDirectory(), 'jobs.db'),
    outbox: PLAIN_OUTBOX,
    onFatal: (error) => {
      throw error;
    },
  });
  await Promise.all(Array.from({ length: JOBS }, (_, index) => store.insert(sampleJob(`job-${index}`))));
  const query = { filter: { text: 'job-0' }, limit: 10 };
  expect((await store.list(query)).jobs.map(({ id }) => id)).toEqual(['job-0']);

  const early = await store.list(query, AbortSignal.abort());
  expect(early.jobs).toEqual([]);
  const { nextBeforeSeq } = early;
  if (nextBeforeSeq === null) throw new Error('the search was run to its end');
  const rest = await store.list({ ...query, beforeSeq: nextBeforeSeq });
  expect(rest).toMatchObject({ jobs: [{ id: 'job-0' }], nextBeforeSeq: null });
  await store.close();
});
