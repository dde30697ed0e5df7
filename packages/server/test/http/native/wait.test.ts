import { expect, test } from 'vitest';
import { startServer, submitted } from '../harness.ts';

test('wait answers when the job has ended', async () => {
  const { url, service } = await startServer();
  await submitted(service, { id: 'app-x' });
  const waiting = fetch(`${url}/api/v1/jobs/app-x/wait`);
  service.start('app-x');
  service.end('app-x', { exitCode: 0 });
  expect(await (await waiting).json()).toMatchObject({ status: 'SUCCEEDED', end: { exit_code: 0 } });
});

test('wait answers the job as it is when the time is over', async () => {
  const { url, service } = await startServer();
  await submitted(service, { id: 'app-x' });
  const response = await fetch(`${url}/api/v1/jobs/app-x/wait?timeout=0.05`);
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ status: 'PENDING' });
});

test('a server that shuts down answers its waiters at once', async () => {
  const { url, service, close } = await startServer({ limits: { closeGraceMs: 10_000 } });
  await submitted(service, { id: 'app-x' });
  let isWaiting = false;
  const { waitFor } = service;
  service.waitFor = (...given) => {
    isWaiting = true;
    return waitFor(...given);
  };
  const waiting = fetch(`${url}/api/v1/jobs/app-x/wait?timeout=300`);
  await expect.poll(() => isWaiting).toBe(true);
  const closing = close();
  expect(await (await waiting).json()).toMatchObject({ status: 'PENDING' });
  await closing;
});

test.each(['301', '-1', 'soon', '1e2', ''])('a timeout of %j is refused', async (timeout) => {
  const { url } = await startServer();
  const response = await fetch(`${url}/api/v1/jobs/app-x/wait?timeout=${timeout}`);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: 'INVALID_QUERY' });
});
