import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { rawRequest, sendRaw, startServer } from '../harness.ts';

test.each([
  ...['127.0.0.1', '127.0.0.1:8888', '10.1.2.3', '[::1]', '[::1]:8888', '[fe80::1]:80', 'localhost', 'LocalHost:1234'],
  ...[hostname(), 'drover.example', 'DROVER.example:443'],
])('Host %s is served', async (host) => {
  const { port } = await startServer({ allowedHosts: ['drover.example'] });
  expect((await sendRaw(port, rawRequest('GET /api/jobs', [`Host: ${host}`]))).status).toBe(200);
});

test.each([
  ...['evil.example', 'evil.example:8888', '127.0.0.1.evil.example', 'localhost.evil.example', 'evil.localhost'],
  ...['127.0.0.1@evil.example', '127.1', '0x7f000001', '[::1', '[evil]', 'localhost:99999999', 'localhost:80:80'],
  ...['localhost evil.example', ''],
])('Host %j is refused', async (host) => {
  const { port } = await startServer();
  for (const method of ['GET', 'POST', 'DELETE']) {
    const answer = await sendRaw(port, rawRequest(`${method} /api/jobs/app-x`, [`Host: ${host}`]));
    expect(answer.status).toBe(403);
    expect(answer.headers.get('x-error-code')).toBe('HOST_NOT_ALLOWED');
    expect(typeof JSON.parse(answer.body)).toBe('string');
  }
});

test.each([
  ['no Host', []],
  ['two Hosts', ['Host: localhost', 'Host: evil.example']],
  ['two equal Hosts', ['Host: localhost', 'hOST: localhost']],
])('%s is a bad request', async (_name, lines) => {
  const { port } = await startServer();
  const answer = await sendRaw(port, rawRequest('GET /api/v1/version', lines));
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'INVALID_HEADER', detail: expect.stringContaining("'Host'") });
});

test('many strangers do not lock out a name that is known', async () => {
  const { port } = await startServer();
  for (let index = 0; index < 200; index += 1) {
    const stranger = await sendRaw(port, rawRequest('GET /healthz', [`Host: evil-${index}.example`]));
    expect(stranger.status).toBe(403);
  }
  expect((await sendRaw(port, rawRequest('GET /healthz'))).status).toBe(200);
});

test('a target in absolute form is served, where both names are ours', async () => {
  const { port } = await startServer();
  expect((await sendRaw(port, rawRequest('GET http://localhost/healthz'))).status).toBe(200);
  expect((await sendRaw(port, rawRequest('GET HTTP://127.0.0.1:1/api/jobs?limit=1'))).status).toBe(200);
  expect((await sendRaw(port, rawRequest('GET http://evil.example/healthz'))).status).toBe(403);
  expect((await sendRaw(port, rawRequest('GET http://localhost/healthz', ['Host: evil.example']))).status).toBe(403);
  expect((await sendRaw(port, rawRequest('GET http://localhost@evil.example/healthz'))).status).toBe(400);
  expect((await sendRaw(port, rawRequest('OPTIONS *'))).status).toBe(400);
});
