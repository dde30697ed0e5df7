import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openConnection } from '../../../src/store/sqlite/connection.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { PLAIN_OUTBOX } from '../plain-outbox.ts';
import { ended, handOver, SUCCESS, sampleJob } from '../sample-jobs.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const FULL = 2;

test('a commit is on disk when it returns', async () => {
  const db = openConnection(join(await temporaryDirectory(), 'jobs.db'));
  onTestFinished(() => db.close());
  expect(db.prepare('PRAGMA journal_mode').get()).toEqual(['wal']);
  expect(db.prepare('PRAGMA synchronous').get()).toEqual([FULL]);
  expect(db.prepare('PRAGMA foreign_keys').get()).toEqual([1]);
});

test('a removed job leaves no row behind in any table', async () => {
  const path = join(await temporaryDirectory(), 'jobs.db');
  const store = openSqliteStore({ path, onFatal: () => {}, outbox: PLAIN_OUTBOX });
  await store.insert(sampleJob('job', { spec: { metadata: { a: 'b', c: 'd' } } }));
  await store.apply('job', handOver('a1'));
  await store.apply('job', ended('a1', SUCCESS, { logBytes: 7 }));
  await store.remove('job');
  await store.close();

  const db = openConnection(path);
  onTestFinished(() => db.close());
  const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").all();
  const rows = tables.map(({ 0: name }) => [name, db.prepare(`SELECT count(*) FROM ${name}`).get()?.[0]]);
  expect(Object.fromEntries(rows)).toEqual({
    jobs: 0,
    events: 0,
    job_metadata: 0,
    job_search: 0,
    search_blocks: 0,
    search_shelves: 0,
    submit_blocks: 0,
    submit_keys: 0,
    past_attempts: 0,
    queues: 0,
    tenants: 0,
    tenant_averages: 0,
    schedules: 0,
    totals: 5,
    webhooks: 0,
    outbox: 0,
    deliveries: 0,
  });
  expect(db.prepare('SELECT sum(jobs), sum(log_bytes) FROM totals').get()).toEqual([0, 0]);
});
