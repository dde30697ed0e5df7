import { once } from 'node:events';
import { expect, test } from 'vitest';
import { openSocket, sendRaw, startServer, submitted, until } from '../harness.ts';

test('a port that is taken is an error of listen', async () => {
  const { port } = await startServer();
  await expect(startServer({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('an answer under way is finished, and its connection closed behind it', async () => {
  const { port, service, close } = await startServer({ limits: { closeGraceMs: 20_000 } });
  await submitted(service, { id: 'app-x' });
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { list } = service;
  let isListing = false;
  service.list = async (query) => {
    isListing = true;
    await held;
    return list(query);
  };
  const answer = sendRaw(port, 'GET /api/jobs?limit=1 HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await until(() => isListing);
  const closing = close();
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
  release();
  expect((await answer).status).toBe(200);
  await closing;
});

test('a client that does not take its answer does not hold up the end', async () => {
  const { port, service, close } = await startServer({ limits: { closeGraceMs: 50 } });
  await submitted(service, { id: 'app-x' });
  service.start('app-x');
  service.output('app-x').append('x'.repeat(40_000_000));
  const socket = await openSocket(port);
  socket.on('error', () => {});
  socket.pause();
  socket.write('GET /api/jobs/app-x/logs HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'readable');
  await close();
  await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow();
});

test('idle connections are closed at once', async () => {
  const { port, close } = await startServer({ limits: { closeGraceMs: 10_000 } });
  const socket = await openSocket(port);
  socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'data');
  socket.resume();
  await Promise.all([once(socket, 'close'), close()]);
});
