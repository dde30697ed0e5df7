import { expect, test } from 'vitest';
import { openSocket, startServer, submitted, type TestServer, until } from '../harness.ts';

async function withFollowedJob(
  target = '/api/v1/jobs/app-x/logs?follow=true',
  version = '1.1',
): Promise<TestServer & { text: () => string; closed: Promise<unknown> }> {
  const server = await startServer();
  await submitted(server.service, { id: 'app-x' });
  server.service.start('app-x');
  const socket = await openSocket(server.port);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(`GET ${target} HTTP/${version}\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
  await until(() => server.service.output('app-x').followers === 1);
  return { ...server, text: () => text, closed };
}

test('a followed log says behind its end that the job has ended', async () => {
  const { service, text, closed } = await withFollowedJob();
  service.output('app-x').append('last');
  service.end('app-x');
  await closed;
  expect(text()).toMatch(/^trailer: Drover-Log-End-Reason\r$/im);
  expect(text()).toMatch(/\r\n4\r\nlast\r\n0\r\nDrover-Log-End-Reason: ended\r\n\r\n$/);
});

test('or that it was deleted', async () => {
  const { service, text, closed } = await withFollowedJob();
  service.end('app-x');
  await service.delete('app-x');
  await closed;
  expect(text()).toMatch(/\r\n0\r\nDrover-Log-End-Reason: deleted\r\n\r\n$/);
});

test('or that the server shuts down, and the job may go on', async () => {
  const { close, text, closed } = await withFollowedJob();
  await close();
  await closed;
  expect(text()).toMatch(/\r\n0\r\nDrover-Log-End-Reason: shutdown\r\n\r\n$/);
});

test.each([
  ['/api/v1/jobs/app-x/logs?follow=true', '1.0'],
  ['/api/jobs/app-x/logs?follow=true', '1.1'],
])('%s over HTTP/%s has no trailer', async (target, version) => {
  const { service, text, closed } = await withFollowedJob(target, version);
  service.output('app-x').append('last');
  service.end('app-x');
  await closed;
  expect(text()).toContain('last');
  expect(text().toLowerCase()).not.toContain('end-reason');
});
