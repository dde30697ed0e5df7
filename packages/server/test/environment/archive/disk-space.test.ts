import { execFile } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished, type TestContext } from 'vitest';
import {
  type DiskSpace,
  findSpaceProblem,
  formatBytes,
  readDiskSpace,
} from '../../../src/environment/archive/disk-space.ts';
import { EnvironmentFailure } from '../../../src/environment/environment.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { craftZip } from '../zip-bytes.ts';
import { type Unpacking, unpackingOf } from './unpacking.ts';

const run = promisify(execFile);

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;

/** A file system with room for any number of files. */
function spaceOf(totalBytes: number, freeBytes: number): DiskSpace {
  return { totalBytes, freeBytes, totalEntries: 0, freeEntries: 0 };
}

async function failureOf(unpacking: Unpacking): Promise<string> {
  const error = await unpacking.run().then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(EnvironmentFailure);
  return error instanceof Error ? error.message.replace(unpacking.uri, 'URI') : '';
}

/** A file system of its own, of so many bytes. */
async function smallFileSystem(ctx: TestContext, bytes: number): Promise<string> {
  const directory = join(await temporaryDirectory(), 'small');
  await mkdir(directory);
  const mounted = await run('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'drover-test', directory]).then(
    () => true,
    () => false,
  );
  if (!mounted) return ctx.skip('needs the right to mount a file system');
  onTestFinished(async () => void (await run('umount', [directory])));
  return directory;
}

describe('findSpaceProblem', () => {
  const need = (diskBytes: number) => ({ diskBytes, entries: 1 });

  it('keeps 1 GiB in reserve, or 5 % of a small file system', () => {
    expect(findSpaceProblem(need(14 * GIB), spaceOf(100 * GIB, 15 * GIB))).toBeNull();
    expect(findSpaceProblem(need(14 * GIB + 1), spaceOf(100 * GIB, 15 * GIB))).not.toBeNull();
    expect(findSpaceProblem(need(950 * MIB), spaceOf(1_000 * MIB, 1_000 * MIB))).toBeNull();
    expect(findSpaceProblem(need(951 * MIB), spaceOf(1_000 * MIB, 1_000 * MIB))).not.toBeNull();
  });

  it('says what is needed and what is free', () => {
    expect(findSpaceProblem(need(20 * GIB), spaceOf(100 * GIB, 15 * GIB))).toBe(
      'needs 20.0 GiB of disk space; 15.0 GiB are free, of which 1.0 GiB are kept in reserve',
    );
  });

  it('tells what can never fit', () => {
    expect(findSpaceProblem(need(20 * GIB), spaceOf(15 * GIB, 15 * GIB))).toBe(
      'needs 20.0 GiB of disk space; the whole file system has 15.0 GiB, so that it can never be unpacked there',
    );
  });

  it('counts files where the file system does', () => {
    const space = { ...spaceOf(GIB, GIB), totalEntries: 1_000, freeEntries: 9 };
    expect(findSpaceProblem({ diskBytes: 1, entries: 9 }, space)).toBeNull();
    expect(findSpaceProblem({ diskBytes: 1, entries: 10 }, space)).toBe(
      'needs 10 files and folders; the file system has room for 9',
    );
  });

  it('lets everything pass where the file system tells nothing', () => {
    expect(findSpaceProblem({ diskBytes: 20 * GIB, entries: 1e6 }, spaceOf(0, 0))).toBeNull();
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 bytes'],
    [1023, '1023 bytes'],
    [1024, '1.0 KiB'],
    [1.5 * MIB, '1.5 MiB'],
    [20 * GIB, '20.0 GiB'],
    [5_000 * 1024 * GIB, '5000.0 TiB'],
  ])('%d is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('unpacking', () => {
  it('answers what is taken on disk, files and folders rounded up to blocks', async () => {
    const members = [{ name: 'a/b/one', content: 'x' }, { name: 'two', content: 'x'.repeat(4097) }, { name: 'c/' }];
    const { run: unpack } = await unpackingOf(craftZip(members).bytes);
    // a, a/b and c; one; two, which takes two.
    expect(await unpack()).toEqual({ diskBytes: 6 * 4096, entries: 5 });
  });

  it('writes nothing of an archive that does not fit', async () => {
    const made: string[] = [];
    const unpacking = await unpackingOf(craftZip([{ name: 'a', content: 'x'.repeat(MIB) }]).bytes, {
      readDiskSpace: async (directory) => {
        made.push(...(await readdir(directory)));
        return spaceOf(100 * MIB, 5 * MIB + MIB - 1);
      },
    });
    expect(await failureOf(unpacking)).toBe(
      'URI needs 1.0 MiB of disk space; 6.0 MiB are free, of which 5.0 MiB are kept in reserve',
    );
    expect(made).toEqual(['archive.zip']);
    expect(await readdir(unpacking.directory)).toEqual(['archive.zip']);
  });

  it('counts what a try before left as free', async () => {
    const unpacking = await unpackingOf(craftZip([{ name: 'a', content: 'x' }]).bytes, {
      readDiskSpace: async (directory) => {
        const isThere = (await readdir(directory)).some((name) => name.startsWith('work'));
        return spaceOf(100 * MIB, isThere ? 0 : 50 * MIB);
      },
    });
    await mkdir(unpacking.target);
    await writeFile(join(unpacking.target, 'left'), 'x');
    await mkdir(`${unpacking.target}.partial`);
    await unpacking.run();
    expect((await readdir(unpacking.directory)).sort()).toEqual(['archive.zip', 'work']);
  });

  it('is given up when others fill the file system, and what was unpacked is removed', async () => {
    let looks = 0;
    const unpacking = await unpackingOf(craftZip([{ name: 'zeros', content: Buffer.alloc(120e6), method: 8 }]).bytes, {
      readDiskSpace: async () => {
        looks += 1;
        return spaceOf(100 * GIB, looks === 1 ? 10 * GIB : 0.4 * GIB);
      },
    });
    expect(await failureOf(unpacking)).toBe(
      'URI needs 114.4 MiB of disk space and was given up half unpacked: only 409.6 MiB are left, which are kept in reserve. ' +
        'What was unpacked is removed again',
    );
    expect(looks).toBe(2);
    expect(await readdir(unpacking.directory)).toEqual(['archive.zip']);
  });

  it('fails for good where the file system is full in the middle, and leaves it as it was', async (ctx) => {
    const directory = await smallFileSystem(ctx, MIB);
    const content = Buffer.alloc(2 * MIB);
    const unpacking = await unpackingOf(craftZip([{ name: 'a' }, { name: 'b', content, method: 8 }]).bytes, {
      directory,
      readDiskSpace: async () => spaceOf(100 * GIB, 100 * GIB),
    });
    expect(await failureOf(unpacking)).toBe(
      'URI needs 2.0 MiB of disk space and was given up half unpacked: the file system had no space left. ' +
        'What was unpacked is removed again',
    );
    expect(await readdir(directory)).toEqual(['archive.zip']);
  });

  it('asks the file system it unpacks to', async (ctx) => {
    const directory = await smallFileSystem(ctx, MIB);
    expect(await readDiskSpace(directory)).toMatchObject({ totalBytes: MIB, freeBytes: MIB });
    const content = Buffer.alloc(2 * MIB);
    const unpacking = await unpackingOf(craftZip([{ name: 'b', content, method: 8 }]).bytes, { directory });
    expect(await failureOf(unpacking)).toContain('the whole file system has 1.0 MiB');
  });
});
