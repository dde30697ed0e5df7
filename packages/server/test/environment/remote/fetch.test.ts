import { readdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Door } from '../../../src/job/job.ts';
import { readTree } from '../archive/unpacking.ts';
import { archiveStores, asked, NEVER, preparing } from '../preparing.ts';
import { craftTarGz } from '../tar-bytes.ts';
import { craftZip } from '../zip-bytes.ts';

const ZIP = craftZip([{ name: 'top/main.py', content: 'print(1)' }]).bytes;
const ALLOWED = ['127.0.0.1', 'inner.test', 'outer.test'];
const ADDRESSES: Record<string, string> = { 'inner.test': '127.0.0.1', 'outer.test': '10.1.2.3' };

async function serving(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

/** Prepares an attempt in a fetched archive; answers its files, or the message of its failure. */
async function fetched(working_dir: string, door: Door = 'native', allowedHosts = ALLOWED) {
  const resolve = async (name: string) => [{ address: ADDRESSES[name] ?? '', family: 4 }];
  const remote = { allowedHosts, maxBytes: 10_000, resolve };
  const { preparer, attempt } = await preparing(
    { found: false, reason: 'not needed' },
    { archiveStores: archiveStores({ remote }) },
  );
  const directory = await attempt('a1');
  const request = { ...asked({ working_dir }), door };
  const made = await preparer.prepareAttempt(request, directory, NEVER).catch((error: Error) => error.message);
  const left = await readdir(directory);
  if (typeof made === 'string') {
    expect(left).toEqual([]);
    return made;
  }
  expect(left).toEqual(['work']);
  return readTree(join(directory, 'work'));
}

describe('a fetched archive', () => {
  it('is unpacked as it is, and without its lone top folder for jobs of Ray', async () => {
    const port = await serving((_request, response) => response.end(ZIP));
    const uri = `http://127.0.0.1:${port}/a.zip`;
    expect(await fetched(uri)).toEqual({ 'top/': '', 'top/main.py': 'print(1)' });
    expect(await fetched(uri, 'ray')).toEqual({ 'main.py': 'print(1)' });
    expect(await fetched(`http://inner.test:${port}/a.zip`)).toEqual({ 'top/': '', 'top/main.py': 'print(1)' });
  });

  it('keeps several top folders, and may be a tar archive', async () => {
    const bytes = craftTarGz([{ name: 'a/x' }, { name: 'b/y' }]);
    const port = await serving((_request, response) => response.end(bytes));
    expect(await fetched(`http://127.0.0.1:${port}/a.tgz`, 'ray')).toEqual({
      'a/': '',
      'a/x': '',
      'b/': '',
      'b/y': '',
    });
  });

  it('follows redirects to allowed hosts, each of them checked, and not for ever', async () => {
    const asked: (string | undefined)[] = [];
    const port = await serving((request, response) => {
      asked.push(request.url);
      const target = request.url === '/loop' ? '/loop' : request.url?.slice(1);
      if (request.url === '/a.zip') response.end(ZIP);
      else response.writeHead(302, { location: decodeURIComponent(target ?? '') }).end();
    });
    const to = (location: string) => `http://127.0.0.1:${port}/${encodeURIComponent(location)}`;
    expect(await fetched(to('/a.zip'))).toEqual({ 'top/': '', 'top/main.py': 'print(1)' });
    expect(await fetched(to('http://169.254.169.254/latest'))).toContain('lies on 169.254.169.254, which is not among');
    expect(await fetched(to('http://outer.test/'))).toContain('has the address 10.1.2.3, which is not a public one');
    expect(await fetched(to('file:///etc/passwd'))).toContain('is redirected from http: to file:');
    asked.length = 0;
    expect(await fetched(`http://127.0.0.1:${port}/loop`)).toContain('is redirected more than 5 times');
    expect(asked).toHaveLength(6);
  });

  it('is given up where it is too large, announced or not, not there, or breaks off', async () => {
    const port = await serving((request, response) => {
      if (request.url === '/announced') response.end(Buffer.alloc(10_001));
      else if (request.url === '/silent') response.write(Buffer.alloc(6_000), () => response.end(Buffer.alloc(6_000)));
      else if (request.url === '/broken')
        response.writeHead(200, { 'content-length': 500 }).write('x', () => response.destroy());
      else response.writeHead(404).end();
    });
    const at = (path: string) => fetched(`http://127.0.0.1:${port}${path}`);
    expect(await at('/announced')).toContain('is larger than the 10000 bytes that this server fetches');
    expect(await at('/silent')).toContain('is larger than the 10000 bytes that this server fetches');
    expect(await at('/nowhere')).toContain(`cannot be fetched: 127.0.0.1:${port} answered 404`);
    expect(await at('/broken')).toContain('cannot be fetched: ');
  });

  it('is not asked for on hosts that are not allowed, in whatever notation', async () => {
    let requests = 0;
    const port = await serving((_request, response) => {
      requests += 1;
      response.end(ZIP);
    });
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:127.0.0.1]', 'inner.test', 'localhost']) {
      expect(await fetched(`http://${host}:${port}/a.zip`, 'ray', ['other.test', '127.0.0.2'])).toContain(
        'is not among',
      );
    }
    expect(await fetched(`http://inner.test:${port}/a.zip`, 'ray', ['inner.test'])).toContain('is not a public one');
    expect(requests).toBe(0);
  });
});
