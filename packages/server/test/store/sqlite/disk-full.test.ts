import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { JobStore } from '../../../src/store/store.ts';
import { PLAIN_OUTBOX } from '../plain-outbox.ts';
import { handOver, sampleJob } from '../sample-jobs.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const SIZE_BYTES = 4 * 2 ** 20;

/** A real disk that is soon full; null where this user may not mount one. */
async function mountTinyDisk(sizeBytes = SIZE_BYTES): Promise<string | null> {
  const path = await temporaryDirectory();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    return null;
  }
  onTestFinished(() => void execFileSync('umount', [path]));
  return path;
}

test('a full disk refuses whole groups of writes, loses nothing, and the store goes on when there is space', async (ctx) => {
  const disk = await mountTinyDisk();
  if (disk === null) return ctx.skip('needs the right to mount a tmpfs');
  const fatal: unknown[] = [];
  const store = openSqliteStore({
    path: join(disk, 'jobs.db'),
    onFatal: (error) => fatal.push(error),
    outbox: PLAIN_OUTBOX,
  });
  onTestFinished(() => store.close());
  const heard: string[] = [];
  store.onCommitted((job) => heard.push(job.id));
  const ballast = join(disk, 'ballast');
  await writeFile(ballast, Buffer.alloc(SIZE_BYTES / 2));

  const stored: string[] = [];
  const insertGroup = async (group: number) => {
    const ids = Array.from({ length: 20 }, (_, index) => `job-${group}-${index}`);
    const outcomes = await Promise.allSettled(
      ids.map((id) => store.insert(sampleJob(id, { spec: { entrypoint: 'x'.repeat(2000) } }))),
    );
    stored.push(...ids.filter((_, index) => outcomes[index]?.status === 'fulfilled'));
    return outcomes;
  };
  let refused: PromiseSettledResult<unknown>[] = [];
  for (let group = 0; refused.length === 0; group++) {
    expect(group).toBeLessThan(1000);
    refused = (await insertGroup(group)).filter(({ status }) => status === 'rejected');
  }

  expect(stored.length).toBeGreaterThan(0);
  expect(refused).toHaveLength(20);
  for (const outcome of refused) {
    expect(outcome).toMatchObject({ reason: { code: 'STORAGE_FULL', cause: expect.anything() } });
  }
  expect(heard).toEqual(stored);
  expect((await store.counts()).PENDING).toBe(stored.length);
  for (const id of stored) expect(await store.get(id)).toMatchObject({ id });
  await expect(store.insert(sampleJob('big', { spec: { entrypoint: 'x'.repeat(SIZE_BYTES) } }))).rejects.toMatchObject({
    code: 'STORAGE_FULL',
  });

  await rm(ballast);
  const outcomes = await insertGroup(1000);
  expect(outcomes.every(({ status }) => status === 'fulfilled')).toBe(true);
  expect(await store.apply('job-0-0', handOver('a1'))).toMatchObject({ outcome: 'changed' });
  expect((await store.counts()).PENDING).toBe(stored.length);
  expect(fatal).toEqual([]);
});

test('jobs that cannot be indexed for lack of space are stored and found all the same, and indexed later', async (ctx) => {
  const disk = await mountTinyDisk(4 * SIZE_BYTES);
  if (disk === null) return ctx.skip('needs the right to mount a tmpfs');
  const failures: unknown[] = [];
  const open = (blockSeqs: number) => {
    const store = openSqliteStore({
      path: join(disk, 'jobs.db'),
      outbox: PLAIN_OUTBOX,
      onFatal: (error) => expect.unreachable(String(error)),
      onIndexFailure: (error) => failures.push(error),
      search: { blockSeqs, firstLook: 0 },
    });
    onTestFinished(() => store.close());
    return store;
  };
  const entrypoints = Array.from({ length: 1000 }, () => randomBytes(1500).toString('base64'));
  const insert = (store: JobStore, entrypoint: string, index: number) =>
    store.insert(sampleJob(`job-${index}`, { spec: { entrypoint } }));
  const found = async (store: JobStore, text: string) =>
    (await store.list({ filter: { text }, limit: 10 })).jobs.map(({ id }) => id);
  const unindexed = open(4096);
  await Promise.all(entrypoints.map((entrypoint, index) => insert(unindexed, entrypoint, index)));
  await unindexed.close();
  const ballast = join(disk, 'ballast');
  fillExcept(ballast, 2 ** 20);

  const store = open(64);
  await store.searchIndexed();
  expect(failures).toMatchObject([{ code: 'STORAGE_FULL' }]);
  const needle = entrypoints[3]?.slice(500, 520) ?? '';
  expect(await found(store, needle)).toEqual(['job-3']);
  await rm(ballast);
  expect(await insert(store, 'one more', 1000)).toMatchObject({ id: 'job-1000' });
  expect(await found(store, 'one more')).toEqual(['job-1000']);
  await store.close();

  const later = open(64);
  await later.searchIndexed();
  expect(failures).toHaveLength(1);
  expect(await found(later, needle)).toEqual(['job-3']);
});

/** Takes all space of the disk but so many bytes. */
function fillExcept(path: string, bytes: number): void {
  const file = openSync(path, 'w');
  let size = 0;
  for (const chunk = Buffer.alloc(65_536); writes(file, chunk); ) size += chunk.length;
  ftruncateSync(file, size - bytes);
  closeSync(file);
}

function writes(file: number, bytes: Buffer): boolean {
  try {
    return writeSync(file, bytes) > 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return false;
    throw error;
  }
}
