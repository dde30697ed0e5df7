import { expect, test } from 'vitest';
import { rawRequest, sendRaw, startServer, submitted } from '../harness.ts';

test.each([
  ['PUT', '/api/jobs', 'GET, HEAD, POST'],
  ['DELETE', '/api/jobs/', 'GET, HEAD, POST'],
  ['POST', '/api/jobs/app-x', 'GET, HEAD, DELETE'],
  ['OPTIONS', '/api/jobs/app-x', 'GET, HEAD, DELETE'],
  ['GET', '/api/jobs/app-x/stop', 'POST'],
  ['TRACE', '/api/jobs/app-x/stop/', 'POST'],
  ['PROPFIND', '/api/jobs', 'GET, HEAD, POST'],
  ['PATCH', '/api/jobs/app-x/logs', 'GET, HEAD'],
])('%s %s is 405 and says what is allowed', async (method, path, allow) => {
  const { port } = await startServer();
  const answer = await sendRaw(port, rawRequest(`${method} ${path}`));
  expect(answer.status).toBe(405);
  expect(answer.headers.get('allow')).toBe(allow);
  expect(answer.headers.get('x-error-code')).toBe('METHOD_NOT_ALLOWED');
  expect(typeof JSON.parse(answer.body)).toBe('string');
});

test('a 405 does not wait for a body, nor mind its type', async () => {
  const { port } = await startServer();
  const lines = ['Host: localhost', 'Content-Type: text/plain', 'Content-Length: 5'];
  expect((await sendRaw(port, rawRequest('PUT /api/jobs', lines), 'hello')).status).toBe(405);
});

test('HEAD gives the headers of a GET, and no body', async () => {
  const { url, port, service } = await startServer();
  await submitted(service, { id: 'app-x' });
  for (const path of ['/api/jobs', '/api/jobs/app-x', '/api/jobs/app-x/', '/api/jobs/app-x/logs']) {
    const get = await fetch(`${url}${path}`);
    const head = await sendRaw(port, rawRequest(`HEAD ${path}`));
    expect([path, head.status, head.body]).toEqual([path, 200, '']);
    for (const name of ['content-type', 'content-length', 'etag']) {
      expect(head.headers.get(name) ?? null).toBe(get.headers.get(name));
    }
  }
  const missing = await sendRaw(port, rawRequest('HEAD /api/jobs/app-y'));
  expect([missing.status, missing.body]).toEqual([404, '']);
});

test('a path below /api/jobs that is not there is 404 in the same form', async () => {
  const { url } = await startServer();
  const response = await fetch(`${url}/api/jobs/app-x/nothing`, { method: 'POST', body: 'text' });
  expect(response.status).toBe(404);
  expect(response.headers.get('x-error-code')).toBe('NOT_FOUND');
  expect(await response.json()).toBe('there is nothing at /api/jobs/app-x/nothing');
});
