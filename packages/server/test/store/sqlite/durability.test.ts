import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { PLAIN_OUTBOX } from '../plain-outbox.ts';
import { ended, handOver, SUCCESS, sampleJob } from '../sample-jobs.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const FIXTURE = join(import.meta.dirname, 'fixtures/insert-until-killed.ts');

function openStore(path: string) {
  const store = openSqliteStore({
    path,
    outbox: PLAIN_OUTBOX,
    onFatal: (error) => {
      throw error;
    },
  });
  onTestFinished(() => store.close());
  return store;
}

test('a store that was closed opens with everything in it', async () => {
  const path = join(await temporaryDirectory(), 'jobs.db');
  const before = openStore(path);
  await before.insert(sampleJob('job'));
  await before.apply('job', handOver('a1'));
  await before.apply('job', ended('a1', SUCCESS, { logBytes: 9 }));
  const [job, events] = [await before.get('job'), await before.events('job', 0, 10)];
  await before.close();

  const after = openStore(path);
  expect(await after.get('job')).toEqual(job);
  expect(await after.events('job', 0, 10)).toEqual(events);
  expect(await after.storage()).toEqual({ finishedJobs: 1, logBytes: 9 });
  await after.remove('job');
  await after.close();

  const later = await openStore(path).insert(sampleJob('next'));
  expect(later?.seq).toBeGreaterThan(job?.seq ?? Number.POSITIVE_INFINITY);
});

test('every write that was acknowledged before a kill -9 is there', async () => {
  const path = join(await temporaryDirectory(), 'jobs.db');
  for (const linesBeforeKill of [1, 200, 2000]) {
    const acknowledged = await insertUntilKilled(path, linesBeforeKill);
    const store = openStore(path);
    for (const id of acknowledged) {
      expect(await store.get(id)).toMatchObject({ id, revision: 2, attempt: { id: `attempt-of-${id}` } });
    }
    const { jobs } = await store.list({ filter: {}, limit: 1_000_000 });
    expect((await store.counts()).PENDING).toBe(jobs.length);
    for (const job of jobs) expect(await store.events(job.id, 0, 10)).toHaveLength(job.revision);
    await Promise.all(
      jobs.flatMap(({ id, attempt }) => [store.apply(id, ended(attempt?.id ?? null, SUCCESS)), store.remove(id)]),
    );
    expect((await store.list({ filter: {}, limit: 1 })).jobs).toEqual([]);
    await store.close();
  }
});

/** Ids that a real process printed before it was killed in the middle of its work. */
async function insertUntilKilled(path: string, lines: number): Promise<string[]> {
  const child = spawn(process.execPath, [FIXTURE, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  let printed = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) {
    printed += chunk;
    if (printed.split('\n').length > lines) child.kill('SIGKILL');
  }
  const [code, signal] = await exited;
  expect([code, signal]).toEqual([null, 'SIGKILL']);
  return printed.slice(0, printed.lastIndexOf('\n')).split('\n');
}

test('an I/O error at a commit is fatal once: all writers hear of it, and what was acknowledged stays', async () => {
  const path = join(await temporaryDirectory(), 'jobs.db');
  // A file of the child may have 2048 blocks of 512 bytes (or 1024): the write beyond fails with EFBIG.
  const child = spawn('sh', ['-c', 'ulimit -f 2048 && exec "$0" "$1" "$2"', process.execPath, FIXTURE, path]);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [printed, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  expect(errors.match(/^fatal: .*/gm)).toHaveLength(1);
  expect(errors).toContain('16 writers were refused');
  expect(code).toBe(70);

  const store = openStore(path);
  const acknowledged = printed.trim().split('\n');
  expect(acknowledged.length).toBeGreaterThan(16);
  for (const id of acknowledged) expect(await store.get(id)).toMatchObject({ id, revision: 2 });
});

test('a store that a newer Drover wrote is refused with both versions, and not touched', async () => {
  const path = join(await temporaryDirectory(), 'jobs.db');
  await openStore(path).close();
  const file = new DatabaseSync(path);
  file.exec('PRAGMA user_version = 4711');
  file.close();
  expect(() => openStore(path)).toThrow(/schema version 4711, and this Drover knows versions up to 10\b/);
  const unchanged = new DatabaseSync(path, { readOnly: true });
  onTestFinished(() => unchanged.close());
  expect(unchanged.prepare('PRAGMA user_version').get()).toEqual({ user_version: 4711 });
});

test('a file that is no database is refused', async () => {
  const path = join(await temporaryDirectory(), 'jobs.db');
  await writeFile(path, 'not a database, but long enough to look like one at first sight'.repeat(100));
  expect(() => openStore(path)).toThrow(/not a database/);
});

test('a listener that throws costs nobody else the news, and its fault does not stay hidden', async () => {
  const path = join(await temporaryDirectory(), 'jobs.db');
  const fixture = join(import.meta.dirname, 'fixtures/listener-that-throws.ts');
  const child = spawn(process.execPath, [fixture, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = (await text(child.stdout)).trim().split('\n');
  expect(lines.sort()).toEqual(['heard: one', 'stored: one', 'surfaced: a fault in a listener']);
});
