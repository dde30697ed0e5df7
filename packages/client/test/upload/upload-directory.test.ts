import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createClient } from '@drover/client';
import { DroverUnreachableError } from '@drover/client/errors';
import { type UploadProgress, uploadDirectory } from '@drover/client/upload';
import { DirectoryError } from '@drover/client/upload-errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sendProblem, startHttpServer } from '../fixture/http-server.ts';
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

  it('arrives whole where it cannot be made smaller, of many files and of large ones', async () => {
    const contents = Array.from({ length: 60 }, (_, index) => randomBytes(index * index * 1_000).toString('latin1'));
    for (const [index, content] of contents.entries()) writeFileSync(join(folder, `f${index}`), content, 'latin1');
    const { bytes } = await uploaded();
    const members = await unzip(bytes, 'latin1');
    for (const [index, content] of contents.entries()) {
      if (members[`f${index}`]?.content !== content) throw new Error(`f${index} arrived with another content`);
    }
  });

  it("goes through the client's own fetch where it has one, with the same bytes", async () => {
    write('a', randomBytes(500_000).toString('hex'));
    write('b/c');
    const { result, bytes } = await uploaded();
    const server = await startPackageServer();
    const asked: string[] = [];
    const own: typeof fetch = (input, init) => {
      asked.push(`${init?.method} ${input}`);
      return fetch(input, init);
    };
    const { name } = await uploadDirectory(createClient({ address: server.address, fetch: own }), folder);
    expect(name).toBe(result.name);
    expect(server.packages.get(name)?.equals(bytes)).toBe(true);
    expect(asked.map((line) => line.split(' ')[0])).toEqual(['GET', 'PUT']);
  });

  it('is sent with the token', async () => {
    write('a');
    const seen: (string | undefined)[] = [];
    const server = await startHttpServer(async (request, response) => {
      seen.push(request.headers.authorization);
      await request.toArray();
      sendProblem(response, request.method === 'GET' ? 404 : 403, {
        code: request.method === 'GET' ? 'PACKAGE_NOT_FOUND' : 'FORBIDDEN',
      });
    });
    const client = createClient({ address: server.address, token: 's3cret' });
    await expect(uploadDirectory(client, folder)).rejects.toMatchObject({ code: 'FORBIDDEN', status: 403 });
    expect(seen).toEqual(['Bearer s3cret', 'Bearer s3cret']);
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

  it('tries for a while to find a server, and then says that there is none', async () => {
    write('a');
    const upload = uploadDirectory(createClient({ address: 'http://127.0.0.1:9' }), folder);
    await expect(upload).rejects.toThrow('no answer from http://127.0.0.1:9: connect ECONNREFUSED');
    await expect(upload).rejects.toBeInstanceOf(DroverUnreachableError);
  });

  it('speaks TLS where the address says so, and says where the server does not', async () => {
    write('a');
    const server = await startPackageServer();
    const client = createClient({ address: server.address.replace('http:', 'https:') });
    await expect(uploadDirectory(client, folder)).rejects.toThrow(
      /no answer from https:.*: TLS failed: .*; perhaps the server there speaks http, not https$/,
    );
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
