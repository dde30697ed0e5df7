import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readDiskSpace } from '../../../src/environment/archive/disk-space.ts';
import { unpackArchive } from '../../../src/environment/archive/unpack.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { type CraftedMember, craftZip, unicodeNameField } from '../zip-bytes.ts';
import { LIMITS, refusalOf, unpackingOf } from './unpacking.ts';

const refusalOfMember = (...members: CraftedMember[]) => refusalOf(craftZip(members).bytes);

describe('a member whose name leads elsewhere', () => {
  const names: [name: string, problem: string][] = [
    ['../escaped', "leads out of its folder by '..'"],
    ['a/../../escaped', "leads out of its folder by '..'"],
    ['a/..', "leads out of its folder by '..'"],
    ['/etc/passwd', 'has an absolute path'],
    ['//server/share', 'has an absolute path'],
    ['..\\escaped', 'has a backslash in its name'],
    ['a\\..\\..\\escaped', 'has a backslash in its name'],
    ['\\\\server\\share', 'has a backslash in its name'],
    ['C:/windows/system32', 'has a drive letter in its name'],
    ['./C:x', 'has a drive letter in its name'],
    ['c:escaped', 'has a drive letter in its name'],
    ['safe.txt\0.exe', 'has a NUL character in its name'],
    ['', 'has no name'],
    ['.', 'has a name that is no file name'],
    ['a/'.repeat(101).concat('x'), 'lies more than 100 folders deep'],
    ['x'.repeat(256), 'has a file or folder name of more than 255 bytes'],
    [`${'x/'.repeat(2_100)}y`, 'has a name of more than 4095 bytes'],
  ];
  it.each(names)('%j is refused', async (name, problem) => {
    expect(await refusalOfMember({ name: 'fine.txt', content: 'x' }, { name, content: 'x' })).toContain(problem);
  });

  it('is named in the message, control characters escaped and cut where it is long', async () => {
    expect(await refusalOfMember({ name: '../\u001b[31mred' })).toBe(
      `URI is refused: its member "../\\u001b[31mred" leads out of its folder by '..'`,
    );
    expect((await refusalOfMember({ name: `../${'x'.repeat(4_000)}` })).length).toBeLessThan(250);
  });

  it('is refused where a second name leads there, or one of an old code page', async () => {
    const extra = unicodeNameField('harmless', '../escaped');
    expect(await refusalOfMember({ name: 'harmless', extra })).toContain('"../escaped" leads out of its folder');
    expect(await refusalOfMember({ name: '..\\x', flags: 0 })).toContain('has a backslash in its name');
  });
});

describe('a member that is neither file nor folder', () => {
  const types: [what: string, mode: number][] = [
    ['a symbolic link', 0o120777],
    ['a named pipe', 0o010644],
    ['a character device', 0o020644],
    ['a block device', 0o060644],
    ['a socket', 0o140644],
    ['of an unknown type', 0o150644],
  ];
  it.each(types)('%s is refused', async (what, mode) => {
    expect(await refusalOfMember({ name: 'odd', content: '/etc/passwd', mode })).toBe(
      `URI is refused: its member "odd" is ${what}; only files and folders are allowed`,
    );
  });

  it('a link is refused before a file could be written through it', async () => {
    const link = { name: 'out', content: '/tmp', mode: 0o120777 };
    expect(await refusalOfMember(link, { name: 'out/file', content: 'x' })).toContain('"out" is a symbolic link');
  });

  it('a folder that is named as a file is refused, and a folder with content', async () => {
    expect(await refusalOfMember({ name: 'd', mode: 0o040755 })).toContain('its name does not end with /');
    expect(await refusalOfMember({ name: 'd/', content: 'x' })).toContain('is a folder with content');
  });
});

describe('names that occur twice', () => {
  const pairs: [first: string, second: string, problem: string][] = [
    ['a', 'a', 'occurs twice'],
    ['a/b', 'a//b', 'occurs twice'],
    ['a/b', './a/./b', 'occurs twice'],
    ['d/', 'd/', 'occurs twice'],
    ['a', 'a/', 'occurs twice'],
    ['a', 'a/b', 'lies below a name that is a file'],
    ['a', 'a/b/', 'lies below a name that is a file'],
    ['a/b', 'a', 'is a file here and a folder elsewhere'],
  ];
  it.each(pairs)('%j and %j are refused', async (first, second, problem) => {
    expect(await refusalOfMember({ name: first }, { name: second })).toContain(problem);
  });

  it('are told apart by case', async () => {
    const unpacking = await unpackingOf(craftZip([{ name: 'README' }, { name: 'readme' }]).bytes);
    await unpacking.run();
    expect((await readdir(unpacking.target)).sort()).toEqual(['README', 'readme']);
  });
});

describe('headers that lie', () => {
  const content = 'x'.repeat(10_000);

  it('more content than declared is refused', async () => {
    const member = { name: 'a', content, method: 8, uncompressedSize: 100 };
    expect(await refusalOfMember(member)).toContain('member "a" holds more bytes than its header says');
  });

  it('less content than declared is refused', async () => {
    const member = { name: 'a', content, method: 8, uncompressedSize: 20_000 };
    expect(await refusalOfMember(member)).toContain('member "a" holds fewer bytes than its header says');
  });

  it('a wrong checksum is refused, stored and deflated', async () => {
    for (const method of [0, 8]) {
      const problem = await refusalOfMember({ name: 'a', content, method, crc: 1 });
      expect(problem).toContain('member "a" is damaged: its checksum is wrong');
    }
  });

  it('a flipped bit of the content is found', async () => {
    const { bytes, firstContentOffset } = craftZip([{ name: 'a', content }]);
    bytes.writeUInt8(bytes.readUInt8(firstContentOffset + 5_000) ^ 1, firstContentOffset + 5_000);
    expect(await refusalOf(bytes)).toContain('its checksum is wrong');
  });

  it('a broken deflate stream is refused', async () => {
    const packed = Buffer.from([0xff, 0xff, 0xff, 0xff]);
    expect(await refusalOfMember({ name: 'a', content, method: 8, packed })).toContain('member "a" is damaged: ');
  });

  it('a deflate stream that ends too early is refused', async () => {
    const packed = deflateRawSync(content).subarray(0, 10);
    expect(await refusalOfMember({ name: 'a', content, method: 8, packed })).toContain('member "a" is damaged: ');
  });

  it('an unknown method and encryption are refused', async () => {
    expect(await refusalOfMember({ name: 'a', content, method: 12 })).toContain('is packed by method 12');
    expect(
      await refusalOfMember({ name: 'a', content, flags: 0x801, uncompressedSize: content.length - 12 }),
    ).toContain('is encrypted, which is not supported');
    expect(await refusalOfMember({ name: 'a', content, flags: 0x2800 })).toContain(
      'is encrypted, which is not supported',
    );
    expect(await refusalOfMember({ name: 'a', content, flags: 0x840 })).toContain('strong encryption is not supported');
  });
});

describe('bombs', () => {
  it('an archive of more bytes than allowed is refused while it is unpacked', async () => {
    const members = ['a', 'b'].map((name) => ({ name, content: Buffer.alloc(600), method: 8 }));
    expect(await refusalOf(craftZip(members).bytes, { ...LIMITS, maxBytes: 1_000 })).toBe(
      'URI unpacks to more than the 1000 bytes that this server allows',
    );
  });

  it('a ratio that no honest content reaches is refused', async () => {
    const problem = await refusalOfMember({ name: 'zeros', content: Buffer.alloc(140 * 1024 * 1024), method: 8 });
    expect(problem).toMatch(/^URI unpacks to more than 250 times its own size of \d+ bytes: this looks like a bomb$/);
  });

  it('members that share their packed bytes count each', async () => {
    const content = Buffer.alloc(20 * 1024 * 1024);
    const members = Array.from({ length: 8 }, (_, index) => ({
      name: `zeros-${index}`,
      content,
      method: 8,
      sharesFirst: index > 0,
    }));
    expect(await refusalOf(craftZip(members).bytes)).toContain('this looks like a bomb');
  });

  it('too many members are refused by the count that is declared', async () => {
    const members = Array.from({ length: 11 }, (_, index) => ({ name: `f${index}` }));
    const problem = await refusalOf(craftZip(members).bytes, { ...LIMITS, maxEntries: 10 });
    expect(problem).toBe('URI holds more than the 10 files and folders that this server allows');
  });

  it('folders that are only implied count too', async () => {
    const members = Array.from({ length: 4 }, (_, index) => ({ name: `a${index}/b/c/d` }));
    const problem = await refusalOf(craftZip(members).bytes, { ...LIMITS, maxEntries: 10 });
    expect(problem).toContain('holds more than the 10 files and folders');
  });

  it('long paths are bounded in all, those of implied folders included', async () => {
    // 100 folders each, and 200 KB for the paths of these: 350 names of 4 KB stand for 70 MB.
    const below = `/${'x'.repeat(38)}`.repeat(99);
    const members = Array.from({ length: 350 }, (_, index) => ({ name: `${index}${below}` }));
    const problem = await refusalOf(craftZip(members).bytes, { ...LIMITS, maxEntries: 200_000 });
    expect(problem).toBe('URI has paths of more than 64 MiB in all: this looks like a bomb');
  });
});

describe('what is no archive', () => {
  it('is named as such', async () => {
    expect(await refusalOf(Buffer.from('#!/bin/sh\n'.repeat(100)))).toContain('URI is not a zip archive: ');
    expect(await refusalOf(Buffer.alloc(0))).toContain('URI is not a zip archive: ');
  });

  it('a cut one is refused', async () => {
    const { bytes } = craftZip([{ name: 'a', content: 'x'.repeat(1_000) }]);
    expect(await refusalOf(bytes.subarray(0, 500))).toContain('URI is not a zip archive: ');
    // The end is there, what lies before it is not.
    expect(await refusalOf(bytes.subarray(500))).toMatch(/URI is a damaged zip archive: /);
  });

  it('a missing file, a directory and a named link to nothing are refused with their reason', async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, 'folder.zip'));
    await symlink(join(directory, 'nowhere'), join(directory, 'dangling.zip'));
    await writeFile(join(directory, 'file'), 'x');
    const unpack = (name: string) => {
      const path = join(directory, name);
      const targetDirectory = join(directory, 'work');
      const request = { path, uri: `file://${path}`, targetDirectory, limits: LIMITS, readDiskSpace };
      return unpackArchive(request, new AbortController().signal);
    };
    const missing = 'cannot be opened: there is no such file on the machine of the server';
    await expect(unpack('missing.zip')).rejects.toThrow(`file://${directory}/missing.zip ${missing}`);
    await expect(unpack('dangling.zip')).rejects.toThrow(missing);
    await expect(unpack('file/below.zip')).rejects.toThrow(missing);
    await expect(unpack('folder.zip')).rejects.toThrow(/is no archive: it is a directory; to work in it, give/);
  });
});
