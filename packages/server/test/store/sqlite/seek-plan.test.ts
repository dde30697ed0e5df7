import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { JOB_STATUSES } from '../../../src/job/status.ts';
import { planSeek } from '../../../src/store/sqlite/seek-plan.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { JobFilter } from '../../../src/store/store.ts';
import { PLAIN_OUTBOX } from '../plain-outbox.ts';
import { temporaryDirectory } from './temporary-directory.ts';

async function openSchema(): Promise<DatabaseSync> {
  const path = join(await temporaryDirectory(), 'jobs.db');
  await openSqliteStore({ path, onFatal: () => {}, outbox: PLAIN_OUTBOX }).close();
  const db = new DatabaseSync(path);
  onTestFinished(() => db.close());
  return db;
}

const someFilter: fc.Arbitrary<JobFilter> = fc.record(
  {
    statuses: fc.subarray([...JOB_STATUSES], { minLength: 1 }),
    tenant: fc.constant('t'),
    metadata: fc.dictionary(fc.constantFrom('k', 'l', 'm'), fc.constant('v')),
    submittedAfterMs: fc.nat(),
    submittedBeforeMs: fc.nat(),
    text: fc.constant('x'),
  },
  { requiredKeys: [] },
);

test('no filter makes a list walk a whole table: every step is a bounded range of an index', async () => {
  const db = await openSchema();
  const range = { beforeSeq: 10, firstSeq: 0, chunk: 100 };
  fc.assert(
    fc.property(someFilter, fc.constantFrom(0, 1_000_000), (filter, jobsPerStatus) => {
      const plan = planSeek(filter, () => jobsPerStatus);
      const steps = db.prepare(`EXPLAIN QUERY PLAN ${plan.sql}`).all({ ...plan.parameters, ...range });
      const details = steps.map(({ detail }) => String(detail));
      expect(details.filter((detail) => /^SCAN (jobs|job_\w+|events)/.test(detail))).toEqual([]);
      expect(details.some((detail) => /^SEARCH (jobs|job_\w+) USING /.test(detail))).toBe(true);
    }),
  );
});

test('the index is that of the condition which leaves the least', () => {
  const walked = (filter: JobFilter, jobsPerStatus: number) => planSeek(filter, () => jobsPerStatus).sql;
  expect(walked({ metadata: { k: 'v' }, statuses: ['RUNNING'] }, 10)).toContain('status = 1');
  expect(walked({ metadata: { k: 'v' }, statuses: ['RUNNING'] }, 1_000_000)).toContain('FROM job_metadata');
  expect(planSeek({ statuses: ['FAILED'], tenant: 't' }, () => 10)).toMatchObject({ isExact: true });
  expect(planSeek({ statuses: ['FAILED'], text: 'x' }, () => 10)).toMatchObject({ isExact: false });
});
