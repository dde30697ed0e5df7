import { expect, test } from 'vitest';
import { openSocket, startServer, submitted, type TestServer, until } from '../harness.ts';

async function withJob(limits: { closeGraceMs: number } = { closeGraceMs: 500 }): Promise<TestServer> {
  const server = await startServer({ limits });
  await submitted(server.service, { id: 'app-x' });
  return server;
}

/** The next bytes of a body as they come. */
function readerOf(response: Response) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  return async () => (await reader?.read())?.value;
}

test.each(['/api/jobs', '/api/v1/jobs'])('%s follows from before the start to the end', async (door) => {
  const { url, service } = await withJob();
  // The headers come while there is nothing to read yet.
  const response = await fetch(`${url}${door}/app-x/logs?follow=true`);
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'x-accel-buffering': 'no',
    'cache-control': 'no-store',
    'transfer-encoding': 'chunked',
  });
  const next = readerOf(response);
  service.start('app-x');
  service.output('app-x').append('one\n');
  expect(await next()).toBe('one\n');
  service.output('app-x').append('two');
  expect(await next()).toBe('two');
  service.output('app-x').append('\nlast\n');
  service.end('app-x');
  expect(await next()).toBe('\nlast\n');
  expect(await next()).toBeUndefined();
});

test('a tail is followed from there', async () => {
  const { url, service } = await withJob();
  service.start('app-x');
  service.output('app-x').append('one\ntwo\n');
  const response = await fetch(`${url}/api/jobs/app-x/logs?follow&tail=1`);
  expect(response.headers.get('drover-log-offset')).toBe('4');
  service.end('app-x');
  expect(await response.text()).toBe('two\n');
});

test('a client that goes away ends the reading', async () => {
  const { url, service } = await withJob();
  const controller = new AbortController();
  await fetch(`${url}/api/jobs/app-x/logs?follow=true`, { signal: controller.signal });
  await until(() => service.output('app-x').followers === 1);
  controller.abort();
  await until(() => service.output('app-x').followers === 0);
});

test('a client that does not read is not read ahead for', async () => {
  const { url, port, service } = await withJob();
  service.start('app-x');
  const log = service.output('app-x');
  log.append('x'.repeat(40_000_000));
  const socket = await openSocket(port);
  socket.pause();
  socket.write('GET /api/jobs/app-x/logs?follow=1 HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await until(() => log.deliveredBytes > 0);
  // A plain read takes the same way, and is through meanwhile.
  await (await fetch(`${url}/api/jobs/app-x/logs`)).text();
  expect(log.deliveredBytes).toBeLessThan(40_000_000);
  socket.destroy();
  await until(() => log.followers === 0);
});

test('a server that shuts down breaks its followers off: a clean end would pass for the whole log', async () => {
  const { url, service, close } = await withJob({ closeGraceMs: 10_000 });
  service.start('app-x');
  service.output('app-x').append('so far\n');
  const response = await fetch(`${url}/api/jobs/app-x/logs?follow=true`);
  await until(() => service.output('app-x').followers === 1);
  const closing = close();
  await expect(response.text()).rejects.toThrow('terminated');
  await closing;
});

test('a HEAD of a follower does not wait', async () => {
  const { url, service } = await withJob();
  const response = await fetch(`${url}/api/jobs/app-x/logs?follow=true`, { method: 'HEAD' });
  expect(response.status).toBe(200);
  expect(service.output('app-x').followers).toBe(0);
});
