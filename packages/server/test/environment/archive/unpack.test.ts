import { readdir, stat, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { type EndOptions, ZipFile } from 'yazl';
import { craftZip } from '../zip-bytes.ts';
import { readTree, unpackingOf } from './unpacking.ts';

async function honestZip(fill: (zip: ZipFile) => void, end?: EndOptions): Promise<Buffer> {
  const zip = new ZipFile();
  fill(zip);
  zip.end(end);
  return buffer(zip.outputStream);
}

describe('unpacking an honest archive', () => {
  it('writes every file and folder, and strips no top folder', async () => {
    const long = 'abc'.repeat(200_000);
    const unpacking = await unpackingOf(
      await honestZip((zip) => {
        zip.addEmptyDirectory('project/empty');
        zip.addBuffer(Buffer.from('print(1)\n'), 'project/src/main.py');
        zip.addBuffer(Buffer.from(long), 'project/long.txt');
        zip.addBuffer(Buffer.from('stored'), 'project/stored.txt', { compress: false });
        zip.addBuffer(Buffer.alloc(0), 'project/nothing');
        zip.addBuffer(Buffer.from('ü'), 'project/grüße 日本.txt');
      }),
    );
    await unpacking.run();
    expect(await readTree(unpacking.target)).toEqual({
      'project/': '',
      'project/empty/': '',
      'project/src/': '',
      'project/src/main.py': 'print(1)\n',
      'project/long.txt': long,
      'project/stored.txt': 'stored',
      'project/nothing': '',
      'project/grüße 日本.txt': 'ü',
    });
    expect((await readdir(unpacking.directory)).sort()).toEqual(['archive.zip', 'work']);
  });

  it('reads the zip64 form', async () => {
    const bytes = await honestZip((zip) => zip.addBuffer(Buffer.from('big'), 'a/big', { forceZip64Format: true }), {
      forceZip64Format: true,
      comment: '',
    });
    const unpacking = await unpackingOf(bytes);
    await unpacking.run();
    expect(await readTree(unpacking.target)).toEqual({ 'a/': '', 'a/big': 'big' });
  });

  it('keeps permissions but never setuid, setgid and sticky, and its owner can always read and write', async () => {
    const { bytes } = craftZip([
      { name: 'run.sh', mode: 0o100755 },
      { name: 'setuid', mode: 0o107755 },
      { name: 'closed', mode: 0o100004 },
      { name: 'of-windows', mode: 0 },
      { name: 'folder/', mode: 0o042070 },
      { name: 'folder/inside', mode: 0o100666 },
    ]);
    const unpacking = await unpackingOf(bytes);
    await unpacking.run();
    const modeOf = async (name: string) => (await stat(`${unpacking.target}/${name}`)).mode & 0o7777;
    expect(await modeOf('run.sh')).toBe(0o755);
    expect(await modeOf('setuid')).toBe(0o755);
    expect(await modeOf('closed')).toBe(0o604);
    expect(await modeOf('of-windows')).toBe(0o644);
    expect(await modeOf('folder')).toBe(0o770);
    expect(await modeOf('folder/inside')).toBe(0o666);
  });

  it('takes names with ./ and doubled slashes, and an entry for the root', async () => {
    const { bytes } = craftZip([
      { name: './', mode: 0o040755 },
      { name: './a//b', content: 'x' },
    ]);
    const unpacking = await unpackingOf(bytes);
    await unpacking.run();
    expect(await readTree(unpacking.target)).toEqual({ 'a/': '', 'a/b': 'x' });
  });

  it('replaces what a try before left', async () => {
    const first = await unpackingOf(craftZip([{ name: 'old', content: 'x' }]).bytes);
    await first.run();
    const { bytes } = craftZip([{ name: 'new', content: 'y' }]);
    await writeFile(`${first.directory}/archive.zip`, bytes);
    await first.run();
    expect(await readTree(first.target)).toEqual({ new: 'y' });
  });

  it('makes an empty folder of an empty archive', async () => {
    const unpacking = await unpackingOf(craftZip([]).bytes);
    await unpacking.run();
    expect(await readTree(unpacking.target)).toEqual({});
  });

  it('stops when told to, with the reason given, and leaves nothing', async () => {
    const unpacking = await unpackingOf(craftZip([{ name: 'zeros', content: Buffer.alloc(120e6), method: 8 }]).bytes);
    const abort = new AbortController();
    const reason = new Error('stopped by its owner');
    const running = unpacking.run(abort.signal);
    // The folder is there: unpacking has begun, and has not ended.
    await expect.poll(() => readdir(unpacking.directory), { interval: 1 }).toContain('work.partial');
    abort.abort(reason);
    await expect(running).rejects.toBe(reason);
    expect(await readdir(unpacking.directory)).toEqual(['archive.zip']);
  });
});
