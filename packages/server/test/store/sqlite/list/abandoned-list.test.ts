import { join } from 'node:path';
import { expect, test } from 'vitest';
import { JOB_SORTS } from '../../../../src/store/job-sort.ts';
import { openSqliteStore } from '../../../../src/store/sqlite/sqlite-store.ts';
import type { JobPage } from '../../../../src/store/store.ts';
import { behind } from '../../conformance/behind.ts';
import { PLAIN_OUTBOX } from '../../plain-outbox.ts';
import { ended, FAILURE, sampleJob } from '../../sample-jobs.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const JOBS = 1000;

test.each(JOB_SORTS)(
  '%s: a search that nobody waits for any more ends early, as a page that can be continued',
  async (sort) => {
    const store = openSqliteStore({
      path: join(await temporaryDirectory(), 'jobs.db'),
      outbox: PLAIN_OUTBOX,
      onFatal: (error) => {
        throw error;
      },
    });
    const ids = Array.from({ length: JOBS }, (_, index) => `job-${index}`);
    await Promise.all(ids.map((id) => store.insert(sampleJob(id))));
    await Promise.all(ids.map((id, index) => store.apply(id, ended(null, FAILURE, { atMs: index }))));
    const query = { filter: { text: 'job-500' }, sort, limit: 10 };
    expect((await store.list(query)).jobs.map(({ id }) => id)).toEqual(['job-500']);

    const found: string[] = [];
    let page: JobPage | null = null;
    let pages = 0;
    do {
      page = await store.list({ ...query, ...behind(page) }, AbortSignal.abort());
      found.push(...page.jobs.map(({ id }) => id));
      pages += 1;
    } while (page.next !== null);
    expect(found).toEqual(['job-500']);
    expect(pages).toBeGreaterThan(1);
    await store.close();
  },
);
