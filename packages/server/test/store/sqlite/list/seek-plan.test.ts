import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { JOB_STATUSES } from '../../../../src/job/status.ts';
import { bindFilter } from '../../../../src/store/sqlite/list/filter-conditions.ts';
import { planMatch } from '../../../../src/store/sqlite/list/match-candidates.ts';
import { planSeek } from '../../../../src/store/sqlite/list/seek-plan.ts';
import { openSqliteStore } from '../../../../src/store/sqlite/sqlite-store.ts';
import type { JobFilter } from '../../../../src/store/store.ts';
import { PLAIN_OUTBOX } from '../../plain-outbox.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

async function openSchema(): Promise<DatabaseSync> {
  const path = join(await temporaryDirectory(), 'jobs.db');
  await openSqliteStore({ path, onFatal: () => {}, outbox: PLAIN_OUTBOX }).close();
  const db = new DatabaseSync(path);
  onTestFinished(() => db.close());
  return db;
}

const WHOLE_TABLE = /^SCAN (jobs|job_\w+|events)/;

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

test.each([true, false])('no filter makes a list walk a whole table, descending: %s', async (isDescending) => {
  const db = await openSchema();
  const range = { endSeq: 10, firstSeq: 0, chunk: 100 };
  fc.assert(
    fc.property(someFilter, fc.constantFrom(0, 1_000_000), (filter, jobsPerStatus) => {
      const plan = planSeek(bindFilter(filter), isDescending, () => jobsPerStatus);
      const details = stepsOf(db, plan.sql, { ...plan.parameters, ...range });
      expect(details.filter((detail) => WHOLE_TABLE.test(detail))).toEqual([]);
      expect(details.some((detail) => /^SEARCH (jobs|job_\w+) USING /.test(detail))).toBe(true);
    }),
  );
});

test('candidates that come from elsewhere are looked up one by one', async () => {
  const db = await openSchema();
  fc.assert(
    fc.property(someFilter, (filter) => {
      const bound = bindFilter(filter);
      const sql = planMatch(bound);
      if (sql === null) return;
      const details = stepsOf(db, sql, { ...bound.parameters, candidates: '[1]' });
      expect(details.filter((detail) => WHOLE_TABLE.test(detail))).toEqual([]);
    }),
  );
});

test('the index is that of the condition which leaves the least', () => {
  const plan = (filter: JobFilter, jobsPerStatus: number) => planSeek(bindFilter(filter), true, () => jobsPerStatus);
  const byPair: JobFilter = { metadata: { k: 'v' }, statuses: ['RUNNING'] };
  expect(plan(byPair, 10)).toMatchObject({ isShort: true, sql: expect.stringContaining('status = 1') });
  expect(plan(byPair, 1_000_000)).toMatchObject({ isShort: false, sql: expect.stringContaining('FROM job_metadata') });
  expect(plan({ statuses: ['FAILED'], tenant: 't' }, 10)).toMatchObject({ isExact: true });
  expect(plan({ statuses: ['FAILED'], text: 'x' }, 10)).toMatchObject({ isExact: false });
});

function stepsOf(db: DatabaseSync, sql: string, parameters: Record<string, SQLInputValue>): string[] {
  return db
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all(parameters)
    .map(({ detail }) => String(detail));
}
