import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createClient } from '@drover/client';
import { type UploadProgress, uploadDirectory } from '@drover/client/upload';
import { DirectoryError } from '@drover/client/upload-errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startPackageServer, unzip } from './package-server.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-upload-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, content = path, mode = 0o644): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
  chmodSync(join(folder, path), mode);
}

async function uploaded(excludes: readonly string[] = []) {
  const server = await startPackageServer();
  const result = await uploadDirectory(createClient({ address: server.address }), folder, { excludes });
  const bytes = server.packages.get(result.name);
  if (bytes === undefined) throw new Error('nothing was uploaded');
  return { result, bytes, members: await unzip(bytes) };
}

describe('a directory', () => {
  it('arrives with contents, modes, empty files and empty folders', async () => {
    write('run.sh', 'echo hello\n', 0o755);
    write('deep/er/é.txt', 'x'.repeat(300_000), 0o600);
    write('empty', '');
    mkdirSync(join(folder, 'nothing in it'), { mode: 0o755 });
    const { result, members } = await uploaded();
    expect(result).toMatchObject({ uri: `gcs://${result.name}`, isNew: true, memberCount: 4, totalBytes: 300_011 });
    expect(result.name).toMatch(/^drover_pkg_[0-9a-f]{32}\.zip$/);
    expect(members).toEqual({
      'deep/er/é.txt': { mode: 0o600, content: 'x'.repeat(300_000) },
      empty: { mode: 0o644, content: '' },
      'nothing in it/': { mode: 0o755, content: '' },
      'run.sh': { mode: 0o755, content: 'echo hello\n' },
    });
  });

  it('has its name and bytes from names, modes and contents alone', async () => {
    write('b/a');
    write('a');
    const first = await uploaded();
    rmSync(folder, { recursive: true });
    write('a');
    write('b/a');
    expect(await uploaded()).toEqual(first);
    chmodSync(join(folder, 'a'), 0o755);
    const executable = await uploaded();
    write('a', 'other', 0o755);
    const names = [first, executable, await uploaded()].map(({ result }) => result.name);
    expect(new Set(names).size).toBe(3);
  });

  it('is not sent again where the server has it', async () => {
    write('a');
    const server = await startPackageServer();
    const client = createClient({ address: server.address });
    const { name } = await uploadDirectory(client, folder);
    expect(await uploadDirectory(client, folder)).toMatchObject({ name, isNew: false });
    expect(server.requests.map((request) => request.split(' ')[0])).toEqual(['GET', 'PUT', 'GET']);
  });

  it('leaves out what every .gitignore says, and what nobody wants; excludes have the last word', async () => {
    for (const path of [
      '.git/config',
      '__pycache__/x',
      'venv/y',
      '.venv/z',
      'keep',
      'a.log',
      'sub/b.log',
      'sub/c',
      'out/d',
    ]) {
      write(path);
    }
    write('.gitignore', '*.log\nout/\n!*/\n');
    write('sub/.gitignore', '!b.log\n/c\n');
    const { members } = await uploaded();
    expect(Object.keys(members)).toEqual(['.gitignore', 'keep', 'out/d', 'sub/.gitignore', 'sub/b.log']);
    const excluded = await uploaded(['keep', '!venv', 'out', '.gitignore']);
    expect(Object.keys(excluded.members)).toEqual(['sub/b.log', 'venv/y']);
  });

  it('tells how far it is, in both phases to the end', async () => {
    write('big', 'x'.repeat(1_000_000));
    const server = await startPackageServer();
    const seen: UploadProgress[] = [];
    await uploadDirectory(createClient({ address: server.address }), folder, { onProgress: (now) => seen.push(now) });
    const last = (phase: string) => seen.findLast((now) => now.phase === phase);
    expect(last('hashing')).toEqual({ phase: 'hashing', doneBytes: 1_000_000, totalBytes: 1_000_000, sentBytes: 0 });
    const sent = [...server.packages.values()][0]?.length;
    expect(last('sending')).toEqual({ phase: 'sending', doneBytes: 1_000_000, totalBytes: 1_000_000, sentBytes: sent });
  });
});

describe('links', () => {
  it('are followed where they stay within', async () => {
    write('real/a');
    symlinkSync('real/a', join(folder, 'file'));
    symlinkSync('real', join(folder, 'also'));
    const { members } = await uploaded();
    expect(Object.keys(members)).toEqual(['also/a', 'file', 'real/a']);
    expect(members.file).toEqual({ mode: 0o644, content: 'real/a' });
  });

  it.each([
    ['/etc/passwd', 'leaves the directory'],
    ['..', 'leaves the directory'],
    ['nowhere', 'leads nowhere'],
    ['.', 'that it lies in'],
  ])('to %s are refused unless they are left out', async (target, reason) => {
    write('a');
    symlinkSync(target, join(folder, 'link'));
    await expect(uploaded()).rejects.toThrow(reason);
    await expect(uploaded()).rejects.toBeInstanceOf(DirectoryError);
    expect(Object.keys((await uploaded(['link'])).members)).toEqual(['a']);
  });
});

describe('an upload that cannot succeed', () => {
  it('names the biggest files where the server finds it too large', async () => {
    write('small');
    write('huge', 'x'.repeat(3 * 2 ** 20));
    write('big', 'x'.repeat(2 ** 20));
    const server = await startPackageServer({ maxBytes: 100 });
    const upload = uploadDirectory(createClient({ address: server.address }), folder);
    await expect(upload).rejects.toBeInstanceOf(DirectoryError);
    await expect(upload).rejects.toThrow(
      /larger than 100 bytes;.* 4\.0 MiB in 3 files.*\n +3\.0 MiB {2}huge\n +1\.0 MiB {2}big\n/,
    );
  });

  it('ends where a file changes while it is sent', async () => {
    write('a', 'before');
    const server = await startPackageServer();
    const onProgress = ({ phase, sentBytes }: UploadProgress) => {
      if (phase === 'sending' && sentBytes === 0) write('a', 'behind');
    };
    const upload = uploadDirectory(createClient({ address: server.address }), folder, { onProgress });
    await expect(upload).rejects.toThrow('a was changed while the directory was uploaded');
    expect(server.packages.size).toBe(0);
  });

  it('names a directory that is not there, or is none', async () => {
    const client = createClient({ address: 'http://127.0.0.1:9' });
    await expect(uploadDirectory(client, join(folder, 'none'))).rejects.toThrow(/none cannot be read: ENOENT/);
    write('file');
    await expect(uploadDirectory(client, join(folder, 'file'))).rejects.toThrow('is not a directory');
  });

  it('stops at once when aborted', async () => {
    write('a');
    const server = await startPackageServer();
    const signal = AbortSignal.abort(new Error('enough'));
    const client = createClient({ address: server.address });
    await expect(uploadDirectory(client, folder, { signal })).rejects.toThrow('enough');
    expect(server.packages.size).toBe(0);
  });
});
