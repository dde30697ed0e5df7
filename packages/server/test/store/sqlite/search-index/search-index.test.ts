import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { JOB_SORTS } from '../../../../src/store/job-sort.ts';
import { openConnection } from '../../../../src/store/sqlite/connection.ts';
import { openSqliteStore, type SqliteStore } from '../../../../src/store/sqlite/sqlite-store.ts';
import type { JobListQuery, JobPage } from '../../../../src/store/store.ts';
import { behind } from '../../conformance/behind.ts';
import { PLAIN_OUTBOX } from '../../plain-outbox.ts';
import { ended, FAILURE, STOP, sampleJob } from '../../sample-jobs.ts';
import { sortJobs } from '../../sorted-jobs.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const BLOCK_SEQS = 32;

async function newPath(): Promise<string> {
  return join(await temporaryDirectory(), 'jobs.db');
}

function openStore(path: string): SqliteStore {
  const fail = (error: unknown) => {
    throw error;
  };
  const store = openSqliteStore({
    path,
    outbox: PLAIN_OUTBOX,
    onFatal: fail,
    onIndexFailure: fail,
    search: { blockSeqs: BLOCK_SEQS, firstLook: 0 },
  });
  onTestFinished(() => store.close());
  return store;
}

async function insertTexts(store: SqliteStore, texts: readonly string[], prefix = 'j'): Promise<void> {
  await Promise.all(
    texts.map((entrypoint, index) => store.insert(sampleJob(`${prefix}${index}`, { spec: { entrypoint } }))),
  );
}

async function found(store: SqliteStore, text: string): Promise<string[]> {
  return (await store.list({ filter: { text }, limit: 10_000 })).jobs.map(({ spec }) => spec.entrypoint);
}

/** What the closed file holds of the index. */
function indexIn(path: string): { blocks: number; shelves: number; strayShelves: number; uncovered: number } {
  const db = openConnection(path);
  const count = (sql: string) => Number(db.prepare(sql).get()?.[0]);
  const counts = {
    blocks: count('SELECT count(*) FROM search_blocks'),
    shelves: count('SELECT count(*) FROM search_shelves'),
    strayShelves: count(
      'SELECT count(*) FROM search_shelves WHERE shelf / 512 NOT IN (SELECT block FROM search_blocks)',
    ),
    uncovered: count(`
      SELECT count(*) FROM job_search
      WHERE NOT EXISTS (SELECT 1 FROM search_blocks WHERE seq >= first_seq AND seq < end_seq)`),
  };
  db.close();
  return counts;
}

test('any part of any text finds what it would find without an index, in any order, also after jobs have gone', async () => {
  const someText = fc.string({ unit: fc.constantFrom('a', 'b', 'Ж', 'É', '訓', '😀', ' ', '%'), maxLength: 12 });
  const somePart = fc.tuple(fc.nat(99), fc.nat(11), fc.integer({ min: 1, max: 6 }));
  const someQuery = fc.record({ part: somePart, sort: fc.constantFrom(...JOB_SORTS), limit: fc.constantFrom(3, 50) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(someText, { minLength: 2 * BLOCK_SEQS, maxLength: 100 }),
      fc.array(fc.nat(99), { maxLength: 40 }),
      fc.array(someQuery, { minLength: 5, maxLength: 10 }),
      async (texts, removals, queries) => {
        const store = openStore(await newPath());
        await insertTexts(store, texts);
        await store.searchIndexed();
        const ids = texts.map((_, index) => `j${index}`);
        const ending = ids.filter((_, index) => index % 2 === 0);
        await Promise.all(ending.map((id, index) => store.apply(id, ended(null, STOP, { atMs: (index * 7) % 20 }))));
        await Promise.all(removals.map((index) => store.remove(`j${index}`)));
        const left = (await store.list({ filter: {}, limit: 100 })).jobs;
        for (const { part, sort, limit } of queries) {
          const [index, start, length] = part;
          const characters = Array.from(texts[index % texts.length] ?? '');
          const text = characters
            .slice(start, start + length)
            .join('')
            .toUpperCase();
          const matching = left.filter(({ id, spec }) => [id, spec.entrypoint].some((field) => holds(field, text)));
          expect(await allIds(store, { filter: { text }, sort, limit })).toEqual(
            sortJobs(matching, sort).map(({ id }) => id),
          );
        }
        await store.close();
      },
    ),
    { numRuns: 10 },
  );
});

function holds(field: string, text: string): boolean {
  return field.toLowerCase().includes(text.toLowerCase());
}

/** What all pages hold. */
async function allIds(store: SqliteStore, query: JobListQuery): Promise<string[]> {
  const ids: string[] = [];
  let page: JobPage | null = null;
  do {
    page = await store.list({ ...query, ...behind(page) });
    ids.push(...page.jobs.map(({ id }) => id));
  } while (page.next !== null);
  return ids;
}

test('texts that are too long for the index are found, at their beginning and their end', async () => {
  const store = openStore(await newPath());
  const long = `first ${'x'.repeat(30_000)} last`;
  await insertTexts(
    store,
    Array.from({ length: 100 }, (_, index) => (index % 40 === 5 ? long : 'short')),
  );
  await store.searchIndexed();
  for (const needle of ['first x', 'x last']) expect(await found(store, needle)).toEqual([long, long, long]);
  expect(await found(store, 'x first')).toEqual([]);
});

test('jobs are found before they are indexed, while they are, and after', async () => {
  const path = await newPath();
  const store = openStore(path);
  for (let round = 0; round < 5; round++) {
    await insertTexts(store, Array(50).fill(`needle of round ${round}`), `r${round}-`);
    const during = await Promise.all(Array.from({ length: 5 }, (_, other) => found(store, `ROUND ${other}`)));
    expect(during.map(({ length }) => length)).toEqual([0, 1, 2, 3, 4].map((other) => (other <= round ? 50 : 0)));
  }
  await store.searchIndexed();
  expect(await found(store, 'needle of')).toHaveLength(250);
  await store.close();
  expect(indexIn(path)).toMatchObject({ blocks: Math.floor(249 / BLOCK_SEQS), strayShelves: 0 });
});

test('a store that an older Drover wrote is searched at once, and indexed behind it', async () => {
  const path = await newPath();
  const before = openStore(path);
  await insertTexts(
    before,
    Array.from({ length: 200 }, (_, index) => `number ${index}.`),
  );
  await before.close();
  const old = new DatabaseSync(path);
  old.exec('DROP TABLE search_blocks; DROP TABLE search_shelves; DROP TABLE schedules; DROP INDEX jobs_by_queue');
  old.exec('DROP INDEX jobs_by_schedule; DROP INDEX unfinished_jobs_by_schedule');
  old.exec('ALTER TABLE jobs DROP COLUMN queue; ALTER TABLE jobs DROP COLUMN schedule; PRAGMA user_version = 7');
  old.close();

  const store = openStore(path);
  expect(await found(store, 'number 57.')).toEqual(['number 57.']);
  await store.searchIndexed();
  expect(await found(store, 'number 57.')).toEqual(['number 57.']);
  await store.close();
  expect(indexIn(path)).toMatchObject({ blocks: 6, strayShelves: 0, uncovered: 200 - 6 * BLOCK_SEQS });
});

test('a block goes with the last of its jobs, and what came later is searched and indexed on', async () => {
  const path = await newPath();
  const store = openStore(path);
  await insertTexts(store, Array(200).fill('old'), 'old');
  await store.searchIndexed();
  const ids = Array.from({ length: 200 }, (_, index) => `old${index}`);
  await Promise.all(ids.map((id) => store.apply(id, ended(null, FAILURE))));
  await Promise.all(ids.map((id) => store.remove(id)));
  expect(await found(store, 'old')).toEqual([]);
  await insertTexts(store, Array(100).fill('new'), 'new');
  await store.searchIndexed();
  expect(await found(store, 'new')).toHaveLength(100);
  await store.close();
  const index = indexIn(path);
  expect(index).toMatchObject({ blocks: 3, strayShelves: 0, uncovered: 100 - 3 * BLOCK_SEQS });
  expect(index.shelves).toBeGreaterThan(0);
});
