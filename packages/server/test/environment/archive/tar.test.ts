import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type CraftedTarMember, craftTar, craftTarGz } from '../tar-bytes.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { LIMITS, readTree, refusalOf, unpackingOf } from './unpacking.ts';

const refusalOfMembers = (...members: CraftedTarMember[]) => refusalOf(craftTarGz(members));

describe('unpacking an honest tar archive', () => {
  it('writes what the tar program packed, names and content of any length', async () => {
    const source = join(await temporaryDirectory(), 'source');
    const files = {
      'project/main.py': 'print(1)\n',
      'project/nothing': '',
      'project/grüße 日本.txt': 'ü',
      [`project/${'long/'.repeat(40)}name`]: 'deep',
      'project/big': 'abc'.repeat(100_000),
    };
    for (const [path, content] of Object.entries(files)) {
      await mkdir(join(source, path, '..'), { recursive: true });
      await writeFile(join(source, path), content);
    }
    for (const format of ['gnu', 'pax']) {
      const archive = join(source, '..', `${format}.tgz`);
      await promisify(execFile)('tar', [`--format=${format}`, '-czf', archive, '-C', source, 'project']);
      const unpacking = await unpackingOf(await readFile(archive));
      const need = await unpacking.run();
      const tree = await readTree(unpacking.target);
      expect(Object.fromEntries(Object.entries(tree).filter(([name]) => !name.endsWith('/')))).toEqual(files);
      expect(need.entries).toBe(Object.keys(tree).length);
    }
  });

  it('keeps permissions but never setuid, setgid and sticky, and its owner can always read and write', async () => {
    const unpacking = await unpackingOf(
      craftTarGz([
        { name: './', type: '5', mode: 0o755 },
        { name: './run.sh', mode: 0o6755, content: 'x' },
        { name: './closed', mode: 0o004 },
        { name: 'folder', type: '5', mode: 0o2070 },
        { name: 'folder/inside', content: 'y' },
      ]),
    );
    await unpacking.run();
    const modeOf = async (name: string) => (await stat(join(unpacking.target, name))).mode & 0o7777;
    expect([await modeOf('run.sh'), await modeOf('closed'), await modeOf('folder')]).toEqual([0o755, 0o604, 0o770]);
    expect(await readTree(unpacking.target)).toEqual({
      'run.sh': 'x',
      closed: '',
      'folder/': '',
      'folder/inside': 'y',
    });
  });
});

describe('a tar member that is refused', () => {
  it.each([
    ['../escaped', "leads out of its folder by '..'"],
    ['a/../../escaped', "leads out of its folder by '..'"],
    ['/etc/passwd', 'has an absolute path'],
    ['..\\escaped', 'has a backslash in its name'],
    ['C:/windows', 'has a drive letter in its name'],
    [`${'a/'.repeat(101)}x`, 'lies more than 100 folders deep'],
    ['x'.repeat(256), 'has a file or folder name of more than 255 bytes'],
  ])('by its name %s', async (name, problem) => {
    expect(await refusalOfMembers({ name: 'fine', content: 'x' }, { name, content: 'x' })).toContain(problem);
  });

  it.each([
    ['1', 'a hard link'],
    ['2', 'a symbolic link'],
    ['3', 'a character device'],
    ['4', 'a block device'],
    ['6', 'a named pipe'],
    ['D', 'of an unknown type'],
    ['S', 'of an unknown type'],
    ['?', 'of an unknown type'],
  ])('by its type %s', async (type, what) => {
    const linkName = type === '1' || type === '2' ? '/etc/passwd' : '';
    expect(await refusalOfMembers({ name: 'odd', type, linkName })).toBe(
      `URI is refused: its member "odd" is ${what}; only files and folders are allowed`,
    );
  });

  it('because it occurs twice, or as file and folder', async () => {
    expect(await refusalOfMembers({ name: 'a' }, { name: './a' })).toContain('occurs twice');
    expect(await refusalOfMembers({ name: 'a' }, { name: 'a/b' })).toContain('lies below a name that is a file');
    expect(await refusalOfMembers({ name: 'a/b' }, { name: 'a' })).toContain('is a file here and a folder elsewhere');
  });
});

describe('a tar archive that is refused', () => {
  it('as a bomb: too much, too dense, too many, also of headers alone', async () => {
    const big = { name: 'a', content: Buffer.alloc(10_000) };
    expect(await refusalOf(craftTarGz([big]), { ...LIMITS, maxBytes: 5_000 })).toBe(
      'URI unpacks to more than the 5000 bytes that this server allows',
    );
    const zeros = { name: 'zeros', content: Buffer.alloc(140 * 1024 * 1024) };
    expect(await refusalOfMembers(zeros)).toContain('this looks like a bomb');
    const many = Array.from({ length: 11 }, (_, index) => ({ name: `f${index}` }));
    expect(await refusalOf(craftTarGz(many), { ...LIMITS, maxEntries: 10 })).toContain('holds more than the 10 files');
    const hidden = { name: 'x', type: 'g', content: '20 comment=abcdefgh\n'.repeat(500) };
    expect(await refusalOf(craftTarGz(Array(20).fill(hidden)), { ...LIMITS, maxBytes: 50_000 })).toContain(
      'unpacks to more than the 50000 bytes',
    );
  });

  it('as packed twice, which would go uncounted', async () => {
    const twice = gzipSync(craftTarGz([{ name: 'a', content: 'x' }]));
    expect(await refusalOf(twice)).toContain('URI is a damaged tar archive: ');
  });

  it('as damaged: cut, flipped, or something else in gzip', async () => {
    const content = Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7919) % 251));
    const bytes = craftTarGz([{ name: 'a', content }]);
    expect(await refusalOf(bytes.subarray(0, bytes.length - 20))).toContain('URI is a damaged tar archive: ');
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(flipped.readUInt8(flipped.length - 6) ^ 1, flipped.length - 6);
    expect(await refusalOf(flipped)).toContain('URI is a damaged tar archive: ');
    expect(await refusalOf(gzipSync('#!/bin/sh\n'.repeat(100)))).toContain('URI is a damaged tar archive: ');
    const short = craftTar([{ name: 'a', content: 'x', size: 5_000 }]);
    expect(await refusalOf(gzipSync(short.subarray(0, 1024)))).toContain('URI is a damaged tar archive: ');
  });

  it('when told to stop, with the reason given', async () => {
    const unpacking = await unpackingOf(craftTarGz([{ name: 'zeros', content: Buffer.alloc(120e6) }]));
    const abort = new AbortController();
    const reason = new Error('stopped by its owner');
    const running = unpacking.run(abort.signal);
    await expect.poll(() => readdir(unpacking.directory), { interval: 1 }).toContain('work.partial');
    abort.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(await readdir(unpacking.directory)).toEqual(['archive.zip']);
  });
});
