import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { openDataDirectory } from '../../src/data-directory/data-directory.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const FIXTURE = join(import.meta.dirname, 'fixtures/hold-data-directory.ts');

/** A real second process that opens the directory, and the line that it printed about it. */
async function openElsewhere(path: string): Promise<{ child: ChildProcess; exited: Promise<unknown[]>; line: string }> {
  const child = spawn(process.execPath, [FIXTURE, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) return { child, exited, line };
  throw new Error('the process ended without a word');
}

test('of two servers the second is refused and told which one has the directory', async () => {
  const path = await temporaryDirectory();
  const { child } = await openElsewhere(path);
  const refusal = `data directory ${path} is in use by another drover (pid ${child.pid})`;
  await expect(openDataDirectory(path)).rejects.toThrow(refusal);
  const other = await openElsewhere(path);
  expect(other.line).toBe(`DataDirectoryError: ${refusal}`);
  expect(await other.exited).toEqual([1, null]);
  await expect(openDataDirectory(path)).rejects.toThrow(refusal);
});

test('a holder that was killed leaves the directory free, with its node id', async () => {
  const path = await temporaryDirectory();
  const { child, exited, line } = await openElsewhere(path);
  child.kill('SIGKILL');
  await exited;
  const directory = await openDataDirectory(path);
  onTestFinished(() => directory.release());
  expect(directory.nodeId).toBe(line);
  const other = await openElsewhere(path);
  expect(other.line).toContain(`in use by another drover (pid ${process.pid})`);
});

test('a stale or missing pid does not matter: the lock is what counts', async () => {
  const path = await temporaryDirectory();
  const directory = await openDataDirectory(path);
  onTestFinished(() => directory.release());
  await rm(join(path, 'lock.pid'));
  await expect(openDataDirectory(path)).rejects.toThrow(`data directory ${path} is in use by another drover`);
});

test('a full disk does not keep a server from starting again: only the message is the poorer', async (ctx) => {
  const path = await temporaryDirectory();
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=700', 'tmpfs', path]);
  if (mounted.status !== 0) ctx.skip('no tmpfs can be mounted');
  onTestFinished(() => void spawnSync('umount', ['--lazy', path]));
  await (await openDataDirectory(path)).release();
  await expect(writeFile(join(path, 'filler'), Buffer.alloc(1024 ** 2))).rejects.toThrow('ENOSPC');
  const directory = await openDataDirectory(path);
  onTestFinished(() => directory.release());
  await expect(openDataDirectory(path)).rejects.toThrow(/in use by another drover$/);
});

test('a released directory can be opened by the next, and releasing twice is fine', async () => {
  const path = await temporaryDirectory();
  const first = await openDataDirectory(path);
  await Promise.all([first.release(), first.release()]);
  expect(await readdir(path)).not.toContain('lock.pid');
  const { child, exited, line } = await openElsewhere(path);
  expect(line).toBe(first.nodeId);
  await first.release();
  await expect(openDataDirectory(path)).rejects.toThrow(`pid ${child.pid}`);
  child.stdin?.end();
  expect(await exited).toEqual([0, null]);
  await (await openDataDirectory(path)).release();
});

test('of many that start at once exactly one gets it', async () => {
  const path = await temporaryDirectory();
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => openDataDirectory(path)));
  const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  for (const directory of won) onTestFinished(() => directory.release());
  expect(won).toHaveLength(1);
  const { line } = await openElsewhere(path);
  expect(line).toContain(`pid ${process.pid}`);
});
