import { once } from 'node:events';
import { expect, test } from 'vitest';
import { openSocket, parseAnswer, rawRequest, sendRaw, startServer, submitted } from '../harness.ts';

test('what is not HTTP is 400, without a word about our insides', async () => {
  const { port } = await startServer();
  for (const bytes of ['hello\r\n\r\n', '\x16\x03\x01\x02\x00\x01', 'GET / HTTP/1.1\r\nHost localhost\r\n\r\n']) {
    const answer = await sendRaw(port, bytes);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'MALFORMED_REQUEST', status: 400 });
    expect(answer.text).not.toMatch(/node:|\.ts|parser/i);
  }
});

test('two lengths of one body are refused', async () => {
  const { port } = await startServer();
  for (const lines of [
    ['Content-Length: 2', 'Content-Length: 3'],
    ['Content-Length: 2', 'Transfer-Encoding: chunked'],
  ]) {
    const request = rawRequest('POST /api/jobs', ['Host: localhost', 'Content-Type: application/json', ...lines]);
    expect((await sendRaw(port, request, '{}')).status).toBe(400);
  }
});

test.each([
  ['headers', ['Host: localhost', `X-Filler: ${'x'.repeat(20_000)}`], '/api/jobs'],
  ['a path', ['Host: localhost'], `/api/jobs/${'x'.repeat(20_000)}`],
])('%s of 20 kB are 431', async (_name, lines, path) => {
  const { port } = await startServer();
  const answer = await sendRaw(port, rawRequest(`GET ${path}`, lines));
  expect(answer.status).toBe(431);
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'HEADERS_TOO_LARGE' });
});

test('an answer to HEAD has no body, also where the headers could not be read to their end', async () => {
  const { port } = await startServer();
  const answer = await sendRaw(port, rawRequest(`HEAD /api/jobs/${'x'.repeat(20_000)}`));
  expect([answer.status, answer.body]).toEqual([431, '']);
});

const SLOW = { headersTimeoutMs: 100, requestTimeoutMs: 200, checkIntervalMs: 50 };

test('headers that do not come to an end are 408', async () => {
  const { port } = await startServer({ limits: SLOW });
  const answer = await sendRaw(port, 'GET /api/jobs HTTP/1.1\r\nHost: localhost\r\n');
  expect(answer.status).toBe(408);
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'REQUEST_TIMEOUT' });
});

test('a body that does not come to an end is cut off', async () => {
  const { port } = await startServer({ limits: SLOW });
  const lines = ['Host: localhost', 'Content-Type: application/json', 'Content-Length: 100'];
  expect((await sendRaw(port, rawRequest('POST /api/jobs', lines), '{')).status).toBe(408);
});

test('a follower outlives the time limits of requests', async () => {
  const { url, service } = await startServer({ limits: SLOW });
  await submitted(service, { id: 'app-x' });
  const following = fetch(`${url}/api/jobs/app-x/logs?follow=true`);
  await sendRaw(Number(new URL(url).port), 'GET /api/jobs HTTP/1.1\r\n');
  service.output('app-x').append('late\n');
  service.end('app-x');
  expect(await (await following).text()).toBe('late\n');
});

test.each([
  ['a%2Fb', 'a/b'],
  ['a%00b', 'a\0b'],
  ['..', '..'],
  ['%2e%2e%2f%2e%2e%2fetc%2fpasswd', '../../etc/passwd'],
  ['%C3%A4', 'ä'],
  ['x'.repeat(500), 'x'.repeat(500)],
])('%s is looked up as the id that it encodes', async (encoded, id) => {
  const { port } = await startServer();
  const answer = await sendRaw(port, rawRequest(`GET /api/jobs/${encoded}`));
  expect(answer.status).toBe(404);
  expect(answer.headers.get('x-error-code')).toBe('JOB_NOT_FOUND');
  const text: unknown = JSON.parse(Buffer.from(answer.body, 'latin1').toString());
  expect(text).toBe(`not found app, submissionId: ${id}, err: failed to get appjobInfo, submissionID: ${id}`);
});

test.each(['/api/jobs/%', '/api/jobs/%zz', '/api/v1/jobs/%E4%'])('%s encodes nothing', async (path) => {
  const { port } = await startServer();
  const answer = await sendRaw(port, rawRequest(`GET ${path}`));
  expect(answer.status).toBe(400);
  expect(answer.body).toContain('percent sign');
});

test.each(['//api/jobs', '/api//jobs', '/API/jobs', '/api/jobs;x', '/api/jobs/../jobs/x/y'])(
  'nothing is guessed for %s',
  async (path) => {
    const { port } = await startServer();
    expect((await sendRaw(port, rawRequest(`GET ${path}`))).status).toBe(404);
  },
);

test('requests that come together are answered in their order', async () => {
  const { port, service } = await startServer();
  await submitted(service, { id: 'app-x' });
  const paths = ['/api/jobs/app-x', '/api/v1/version', '/api/jobs/app-y', '/api/jobs?limit=1', '/healthz'];
  const keep = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  const last = rawRequest('GET /nothing');
  const { text } = await sendRaw(port, paths.map(keep).join('') + last);
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map((match) => Number(match[1]));
  expect(statuses).toEqual([200, 200, 404, 200, 200, 404]);
  expect(text.indexOf('"submission_id":"app-x"')).toBeLessThan(text.indexOf('"api":"v1"'));
});

test('a bad request behind one that is being answered does not damage the answer', async () => {
  const { port, service } = await startServer();
  await submitted(service, { id: 'app-x' });
  const socket = await openSocket(port);
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString();
  });
  socket.write('GET /api/jobs/app-x/logs?follow=true HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'data');
  socket.write('no HTTP at all\r\n\r\n');
  await once(socket, 'close');
  expect(parseAnswer(text).status).toBe(200);
  expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
});

test('more connections than allowed are closed, and room is made when others leave', async () => {
  const { url, port } = await startServer({ limits: { maxConnections: 2 } });
  const sockets = [await openSocket(port), await openSocket(port)];
  const third = await openSocket(port);
  await once(third, 'close');
  for (const socket of sockets) socket.destroy();
  await expect
    .poll(() =>
      fetch(`${url}/healthz`).then(
        (response) => response.status,
        () => 0,
      ),
    )
    .toBe(200);
});
