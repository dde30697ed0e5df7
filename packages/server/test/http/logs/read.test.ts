import { expect, test } from 'vitest';
import { startServer, submitted, type TestServer } from '../harness.ts';

const TEXT = 'one\ntwo\nthree\n';
const DOORS = ['/api/jobs', '/api/v1/jobs'] as const;

async function withLog(bytes: string | Uint8Array = TEXT): Promise<TestServer> {
  const server = await startServer();
  await submitted(server.service, { id: 'app-x' });
  server.service.start('app-x');
  server.service.output('app-x').append(bytes);
  return server;
}

test.each(DOORS)('%s gives the bytes as they are, declared as nothing but text', async (door) => {
  const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => (index * 7) % 256);
  const { url } = await withLog(bytes);
  const response = await fetch(`${url}${door}/app-x/logs/`);
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'content-length': '200000',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
    'accept-ranges': 'bytes',
    'drover-log-first-byte': '0',
    'drover-log-offset': '0',
    'drover-log-end': '200000',
  });
  expect(Buffer.compare(await response.bytes(), bytes)).toBe(0);
});

test('a job without output has an empty log', async () => {
  const { url, service } = await startServer();
  await submitted(service, { id: 'app-x' });
  const response = await fetch(`${url}/api/jobs/app-x/logs`);
  expect([response.status, await response.text()]).toEqual([200, '']);
});

test('an unknown job has none', async () => {
  const { url } = await startServer();
  const response = await fetch(`${url}/api/jobs/app-x/logs`);
  expect(response.status).toBe(404);
  expect(await response.json()).toMatch(/^not found app, submissionId: app-x/);
});

test.each([
  ['tail=1', 'three\n'],
  ['tail=2', 'two\nthree\n'],
  ['tail=0', ''],
  ['tail=99', TEXT],
  ['offset=4', 'two\nthree\n'],
  ['offset=14', ''],
])('%s begins there', async (query, text) => {
  const { url } = await withLog();
  const response = await fetch(`${url}/api/v1/jobs/app-x/logs?${query}`);
  expect([response.status, await response.text()]).toEqual([200, text]);
  expect(response.headers.get('drover-log-offset')).toBe(String(TEXT.length - text.length));
});

test.each([
  ['bytes=0-2', 'one', 'bytes 0-2/14'],
  ['bytes=8-', 'three\n', 'bytes 8-13/14'],
  ['bytes=-6', 'three\n', 'bytes 8-13/14'],
  ['bytes=-99', TEXT, 'bytes 0-13/14'],
  ['bytes=10-99', 'ree\n', 'bytes 10-13/14'],
])('Range %s is a part of it', async (range, text, contentRange) => {
  const { url } = await withLog();
  for (const door of DOORS) {
    const response = await fetch(`${url}${door}/app-x/logs`, { headers: { range } });
    expect([response.status, await response.text()]).toEqual([206, text]);
    expect(response.headers.get('content-range')).toBe(contentRange);
    expect(response.headers.get('content-length')).toBe(String(text.length));
  }
});

test.each(['bytes=14-', 'bytes=99-100', 'bytes=-0'])('Range %s is not there', async (range) => {
  const { url } = await withLog();
  const response = await fetch(`${url}/api/jobs/app-x/logs`, { headers: { range } });
  expect(response.status).toBe(416);
  expect(response.headers.get('content-range')).toBe('bytes */14');
  expect(response.headers.get('x-error-code')).toBe('RANGE_NOT_SATISFIABLE');
});

test.each(['bytes=0-1,3-4', 'lines=1-2', 'bytes=5-2', 'bytes=a-b', 'bytes='])('Range %s is ignored', async (range) => {
  const { url } = await withLog();
  const response = await fetch(`${url}/api/jobs/app-x/logs`, { headers: { range } });
  expect([response.status, await response.text()]).toEqual([200, TEXT]);
});

test('a range on a condition is ignored, since a log has no tag', async () => {
  const { url } = await withLog();
  const headers = { range: 'bytes=0-2', 'if-range': '"x"' };
  expect((await fetch(`${url}/api/jobs/app-x/logs`, { headers })).status).toBe(200);
});

test('a capped log keeps its offsets, and says where it begins', async () => {
  const { url, service } = await withLog();
  service.output('app-x').dropBefore(4);
  const whole = await fetch(`${url}/api/jobs/app-x/logs`);
  expect(await whole.text()).toBe('two\nthree\n');
  expect(whole.headers.get('drover-log-first-byte')).toBe('4');
  expect(whole.headers.get('drover-log-offset')).toBe('4');
  const part = await fetch(`${url}/api/jobs/app-x/logs`, { headers: { range: 'bytes=0-6' } });
  expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([206, 'two', 'bytes 4-6/14']);
  const gone = await fetch(`${url}/api/jobs/app-x/logs`, { headers: { range: 'bytes=0-3' } });
  expect(gone.status).toBe(416);
});

test('a front that is dropped while it is read breaks the answer off', async () => {
  const { url, service } = await withLog('x'.repeat(1_000_000));
  const log = service.output('app-x');
  log.onSecondChunk = () => log.dropBefore(900_000);
  const response = await fetch(`${url}/api/jobs/app-x/logs`);
  await expect(response.text()).rejects.toThrow();
});

test.each(['tail=-1', 'tail=x', 'follow=maybe', 'offset=1&tail=1', 'tail=1&tail=2'])('%s is refused', async (query) => {
  const { url } = await withLog();
  const response = await fetch(`${url}/api/jobs/app-x/logs?${query}`);
  expect(response.status).toBe(400);
  expect(response.headers.get('x-error-code')).toBe('INVALID_QUERY');
});

test('an offset behind the end is not there', async () => {
  const { url } = await withLog();
  expect((await fetch(`${url}/api/v1/jobs/app-x/logs?offset=15`)).status).toBe(416);
});
