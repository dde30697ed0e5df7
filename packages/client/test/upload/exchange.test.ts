import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { exchange } from '../../src/upload/exchange.ts';
import type { Pieces } from '../../src/upload/package-requests.ts';
import { startHttpServer } from '../fixture/http-server.ts';

/** Blocks without end, all in the same memory. */
function endless() {
  const seen = { asked: 0, isClosed: false };
  const pieces = (async function* () {
    const memory = new Uint8Array(randomBytes(256 * 1024));
    try {
      for (;;) {
        seen.asked += 1;
        yield memory;
      }
    } finally {
      seen.isClosed = true;
    }
  })();
  return { seen, pieces };
}

function request(url: string, pieces: Pieces | undefined, signal?: AbortSignal) {
  const asFailure = (cause: unknown) => new Error('the network failed', { cause });
  return exchange({ method: 'PUT', url, headers: { 'x-one': '1' }, pieces, signal, asFailure });
}

it('sends block after block that lie in the same memory, and reads the answer', async () => {
  const server = await startHttpServer(async (incoming, response) => {
    const hash = createHash('sha256');
    for await (const chunk of incoming) hash.update(chunk);
    response.writeHead(201, 'Made').end(`${incoming.headers['x-one']} ${hash.digest('hex')}`);
  });
  const expected = createHash('sha256');
  const pieces = (async function* () {
    const memory = new Uint8Array(256 * 1024);
    for (let round = 0; round < 80; round += 1) {
      memory.set(randomBytes(memory.length));
      expected.update(memory);
      yield memory;
    }
  })();
  const answer = await request(server.address, pieces);
  expect(answer).toEqual({ status: 201, statusText: 'Made', body: `1 ${expected.digest('hex')}` });
});

it('an answer that comes before the body was sent ends the sending', async () => {
  const server = await startHttpServer((incoming, response) => {
    incoming.once('data', () => response.writeHead(413).end('too much'));
  });
  const { seen, pieces } = endless();
  expect(await request(server.address, pieces)).toMatchObject({ status: 413, body: 'too much' });
  expect(seen.isClosed).toBe(true);
});

it('a connection that breaks, or that is none, fails with its reason', async () => {
  const server = await startHttpServer((incoming) => void incoming.once('data', () => incoming.destroy()));
  const { seen, pieces } = endless();
  await expect(request(server.address, pieces)).rejects.toThrow('the network failed');
  expect(seen.isClosed).toBe(true);
  await server.close();
  await expect(request(server.address, endless().pieces)).rejects.toMatchObject({
    cause: { code: 'ECONNREFUSED' },
  });
  await expect(request('https:', undefined)).rejects.toThrow('the network failed');
});

it('an answer that breaks off in its body fails', async () => {
  const server = await startHttpServer((_, response) => {
    response.writeHead(200, { 'content-length': '10' }).write('half', () => response.destroy());
  });
  await expect(request(server.address, undefined)).rejects.toThrow('the network failed');
});

it('what the pieces throw comes through as it is', async () => {
  const server = await startHttpServer(() => {});
  const pieces = (async function* () {
    yield new Uint8Array(10);
    throw new Error('the file changed');
  })();
  await expect(request(server.address, pieces)).rejects.toThrow('the file changed');
});

it('an abort ends the sending to a server that takes nothing', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  server.on('connection', (socket) => socket.pause().on('error', () => {}));
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const abort = new AbortController();
  const { seen, pieces } = endless();
  const sending = request(`http://127.0.0.1:${address.port}`, pieces, abort.signal);
  await expect.poll(() => seen.asked).toBeGreaterThan(0);
  abort.abort();
  await expect(sending).rejects.toMatchObject({ cause: { name: 'AbortError' } });
  expect(seen.isClosed).toBe(true);
});
