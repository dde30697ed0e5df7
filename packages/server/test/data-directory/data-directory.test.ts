import { chmod, chown, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type DataDirectoryOptions, openDataDirectory } from '../../src/data-directory/data-directory.ts';
import { DataDirectoryError } from '../../src/data-directory/data-directory-error.ts';
import { temporaryDirectory } from './temporary-directory.ts';

async function openHere(path: string, options?: DataDirectoryOptions) {
  const directory = await openDataDirectory(path, options);
  onTestFinished(() => directory.release());
  return directory;
}

async function permissionsOf(path: string): Promise<string> {
  return ((await stat(path)).mode & 0o777).toString(8);
}

test('it is made where it is missing, for its owner only, and nothing is said', async () => {
  const path = join(await temporaryDirectory(), 'state/drover');
  const directory = await openHere(path);
  expect(directory).toMatchObject({ path, databasePath: join(path, 'jobs.db'), notices: [] });
  expect(await permissionsOf(path)).toBe('700');
  expect(await permissionsOf(join(path, '..'))).toBe('700');
});

test('one that others may read is tightened, and the caller is told', async () => {
  const path = await temporaryDirectory();
  await chmod(path, 0o755);
  const directory = await openHere(path);
  expect(await permissionsOf(path)).toBe('700');
  expect(directory.notices).toEqual([`data directory ${path} was open to other users (mode 755): it is 700 now`]);
});

test('a folder with other things in it is refused and left as it is', async () => {
  const path = await temporaryDirectory();
  await writeFile(join(path, 'thesis.tex'), '');
  await chmod(path, 0o1777);
  await expect(openDataDirectory(path)).rejects.toThrow(/holds other things \(thesis\.tex\)/);
  expect(await permissionsOf(path)).toBe('777');
  expect(await readdir(path)).toEqual(['thesis.tex']);
});

test("another user's is left as it is: root is told, others are refused", async (ctx) => {
  if (process.geteuid?.() !== 0) return ctx.skip('needs root, to give a directory away');
  const path = await temporaryDirectory();
  await chmod(path, 0o750);
  await chown(path, 12_345, 12_345);
  const directory = await openHere(path);
  expect(directory.notices).toEqual([
    `data directory ${path} belongs to uid 12345, who can read all jobs and their output`,
  ]);
  expect(await permissionsOf(path)).toBe('750');
  await directory.release();

  await chmod(path, 0o777);
  process.seteuid?.(54_321);
  try {
    await expect(openDataDirectory(path)).rejects.toThrow(/belongs to another user \(uid 12345\)/);
  } finally {
    process.seteuid?.(0);
  }
});

test('a link is followed, so that two names are one directory', async () => {
  const base = await temporaryDirectory();
  await mkdir(join(base, 'real'), { mode: 0o700 });
  await symlink(join(base, 'real'), join(base, 'link'));
  const directory = await openHere(join(base, 'link'));
  expect(directory.path).toBe(join(base, 'real'));
  await expect(openDataDirectory(join(base, 'real'))).rejects.toThrow(/in use/);
});

test('what cannot be a directory is refused with a sentence', async () => {
  const path = join(await temporaryDirectory(), 'file');
  await writeFile(path, '');
  const refusal = openDataDirectory(join(path, 'below'));
  await expect(refusal).rejects.toThrow(DataDirectoryError);
  await expect(refusal).rejects.toThrow(`data directory ${path}/below cannot be made`);
});

test('a network file system is refused by its name and place, before anything is written', async () => {
  const path = await temporaryDirectory();
  const mountInfoPath = join(await temporaryDirectory(), 'mountinfo');
  await writeFile(
    mountInfoPath,
    `1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 0:9 / ${path} rw shared:1 - nfs4 srv:/x rw\n`,
  );
  await expect(openDataDirectory(path, { mountInfoPath })).rejects.toThrow(
    `data directory ${path} lies on a network file system (nfs4, mounted at ${path}): choose a directory on a local disk`,
  );
  expect(await readdir(path)).toEqual([]);
});

test('a system without the list of mounts refuses nothing', async () => {
  const path = await temporaryDirectory();
  await openHere(path, { mountInfoPath: join(path, 'missing') });
});

test('the node id is made once, from the host name, and stays when the host is renamed', async () => {
  const path = await temporaryDirectory();
  const first = await openHere(path, { hostname: 'GPU_Box.Example.ORG' });
  expect(first.nodeId).toMatch(/^gpu-box-example-org-[a-z0-9]{6}$/);
  expect(await readFile(join(path, 'node-id'), 'utf8')).toBe(`${first.nodeId}\n`);
  await first.release();
  const second = await openHere(path, { hostname: 'renamed' });
  expect(second.nodeId).toBe(first.nodeId);
});

test('two directories have different node ids', async () => {
  const one = await openHere(await temporaryDirectory(), { hostname: 'box' });
  const two = await openHere(await temporaryDirectory(), { hostname: 'box' });
  expect(one.nodeId).not.toBe(two.nodeId);
});

test.each([
  ['', 'node'],
  ['---', 'node'],
  ['löwe', 'l-we'],
  ['a'.repeat(100), 'a'.repeat(63)],
  ['-x--y-', 'x-y'],
])('the host name %j becomes %j', async (hostname, name) => {
  const { nodeId } = await openHere(await temporaryDirectory(), { hostname });
  expect(nodeId.slice(0, -7)).toBe(name);
});

test('a damaged node id is refused, not replaced, and the directory is free again', async () => {
  const path = await temporaryDirectory();
  await writeFile(join(path, 'node-id'), 'Not An Id\n');
  await expect(openDataDirectory(path)).rejects.toThrow(/node-id does not hold a node id/);
  await writeFile(join(path, 'node-id'), 'box-abc123\n');
  expect((await openHere(path)).nodeId).toBe('box-abc123');
});
