import { expect, test } from 'vitest';
import { openSocket, parseAnswer, postJson, rawRequest, sendRaw, startServer } from '../harness.ts';

const BODY = '{"entrypoint":"true","runtime_env":{"working_dir":"/srv/app"}}';

test.each([
  ...['application/json', 'Application/JSON', 'application/json; charset=utf-8', 'application/json;charset="UTF-8"'],
])('%s is taken', async (type) => {
  const { url } = await startServer();
  const response = await fetch(`${url}/api/jobs`, { method: 'POST', body: BODY, headers: { 'content-type': type } });
  expect(response.status).toBe(200);
});

test.each([
  ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/json', 'json'],
  ...['application/json; charset=utf-16', 'application/json; charset=utf-8; charset=utf-7', 'application/jsonp'],
  ...['text/plain; application/json', 'application/ld+json', 'application/json, text/plain', ';;;'],
])('a body declared as %s is 415', async (type) => {
  const { url, service } = await startServer();
  for (const path of ['/api/jobs', '/api/v1/jobs']) {
    const response = await fetch(`${url}${path}`, { method: 'POST', body: BODY, headers: { 'content-type': type } });
    expect(response.status).toBe(415);
    const body: unknown = await response.json();
    if (path === '/api/jobs') expect(body).toMatch(/^a body must be declared as application\/json, not '/);
    else expect(body).toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' });
  }
  expect((await service.counts()).PENDING).toBe(0);
});

test('a body without a type is 415', async () => {
  const { port } = await startServer();
  const lines = ['Host: localhost', `Content-Length: ${BODY.length}`];
  expect((await sendRaw(port, rawRequest('POST /api/jobs', lines), BODY)).status).toBe(415);
});

test('a compressed body is 415', async () => {
  const { url } = await startServer();
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  expect((await fetch(`${url}/api/jobs`, { method: 'POST', body: BODY, headers })).status).toBe(415);
});

test('bytes that are no UTF-8 are not replaced by others', async () => {
  const { url } = await startServer();
  const body = Buffer.from(BODY.replace('true', '\xff'), 'latin1');
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/api/jobs`, { method: 'POST', body, headers });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatch(/^shouldBind SubmitJob request failed, err: body: expected JSON in UTF-8: /);
});

test.each([
  ['{"entrypoint":"echo \\ud800"}', 'entrypoint'],
  ['{"entrypoint":"a","metadata":{"k":"\\udc00 x"}}', 'metadata.k'],
  ['{"entrypoint":"a","metadata":{"\\ud800":"x","\\ud801":"x"}}', 'metadata: expected keys'],
  [
    '{"entrypoint":"a","runtime_env":{"working_dir":"/a","pip":["b","\\uDBFF"]}}',
    'runtime_env.pip[1]: expected a string',
  ],
  ['{"entrypoint":"a","runtime_env":{"working_dir":"/a","env_vars":{"\\uDFFF":"x"}}}', 'runtime_env.env_vars'],
  ['{"entrypoint":"a","submission_id":"\\ud800"}', 'submission_id'],
  ['"\\ud800"', 'body'],
])('%s holds half a character, and is refused with its place', async (body, place) => {
  const { url, service } = await startServer();
  for (const door of ['/api/jobs', '/api/v1/jobs']) {
    const response = await postJson(`${url}${door}`, body);
    expect(response.status).toBe(400);
    const text = await response.text();
    expect(text).toContain(place);
    expect(text).toContain('without unpaired surrogates');
    expect(text.includes('shouldBind SubmitJob request failed, err: ')).toBe(door === '/api/jobs');
  }
  expect((await service.counts()).PENDING).toBe(0);
});

test('a pair of surrogates is one character like others', async () => {
  const { url } = await startServer();
  const body = '{"entrypoint":"echo \\ud83d\\ude00","metadata":{"\\ud83d\\ude00":"\\ud83d\\ude00"}}';
  const answer = await (await postJson(`${url}/api/v1/jobs`, body)).json();
  expect(answer).toMatchObject({ entrypoint: 'echo \u{1f600}', metadata: { '\u{1f600}': '\u{1f600}' } });
});

test('a body that is nested without end is refused, not written out again', async () => {
  const { url } = await startServer();
  const body = `{"entrypoint":"true","runtime_env":{"x":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`;
  const headers = { 'content-type': 'application/json' };
  for (const path of ['/api/jobs', '/api/v1/jobs']) {
    const response = await fetch(`${url}${path}`, { method: 'POST', body, headers });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('at most 64 levels');
  }
});

test.each(['/api/jobs', '/api/v1/jobs'])(
  'a body above the limit is 413 at %s, told before it was sent',
  async (path) => {
    const { port } = await startServer({ bodyLimitBytes: 1000 });
    const socket = await openSocket(port);
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5000000\r\n\r\n`,
    );
    const [first] = await socket.take(1).toArray();
    const answer = parseAnswer(String(first));
    expect(answer.status).toBe(413);
    expect(answer.body).toContain('the body is larger than 1000 bytes');
    // The client sends on regardless, and gets the connection back for the next request.
  },
);

test('a client that sends a too large body to its end still reads the answer', async () => {
  const { url } = await startServer({ bodyLimitBytes: 1000 });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/api/jobs`, { method: 'POST', body: ' '.repeat(5_000_000), headers });
  expect(response.status).toBe(413);
  expect(response.headers.get('x-error-code')).toBe('BODY_TOO_LARGE');
});

test('a body that comes in chunks is counted', async () => {
  const { port } = await startServer({ bodyLimitBytes: 1000 });
  const lines = ['Host: localhost', 'Content-Type: application/json', 'Transfer-Encoding: chunked'];
  const chunk = `258\r\n${' '.repeat(600)}\r\n`;
  expect((await sendRaw(port, rawRequest('POST /api/jobs', lines), chunk, chunk)).status).toBe(413);
});
