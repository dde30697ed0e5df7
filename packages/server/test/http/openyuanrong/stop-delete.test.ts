import { expect, test } from 'vitest';
import { rawRequest, sendRaw, startServer, submitted } from '../harness.ts';

async function call(url: string, method: 'POST' | 'DELETE'): Promise<[number, unknown]> {
  const response = await fetch(url, { method });
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  return [response.status, await response.json()];
}

test('stop is true while the job has not ended, and false afterwards', async () => {
  const { url, service } = await startServer();
  await submitted(service, { id: 'app-x' });
  expect(await call(`${url}/api/jobs/app-x/stop`, 'POST')).toEqual([200, true]);
  expect(await call(`${url}/api/jobs/app-x/stop/`, 'POST')).toEqual([200, true]);
  service.end('app-x');
  expect(await call(`${url}/api/jobs/app-x/stop`, 'POST')).toEqual([200, false]);
  expect(await (await fetch(`${url}/api/jobs/app-x`)).json()).toMatchObject({ status: 'STOPPED' });
});

test('delete is false while the job has not ended, and true afterwards', async () => {
  const { url, service } = await startServer();
  await submitted(service, { id: 'app-x' });
  expect(await call(`${url}/api/jobs/app-x`, 'DELETE')).toEqual([200, false]);
  service.start('app-x');
  expect(await call(`${url}/api/jobs/app-x/`, 'DELETE')).toEqual([200, false]);
  service.end('app-x');
  expect(await call(`${url}/api/jobs/app-x`, 'DELETE')).toEqual([200, true]);
  expect((await fetch(`${url}/api/jobs/app-x`)).status).toBe(404);
});

test('both word an unknown id in their own way', async () => {
  const { url } = await startServer();
  const text = 'the app does not exist, submissionId:[app-x]';
  expect(await call(`${url}/api/jobs/app-x/stop`, 'POST')).toEqual([404, text]);
  expect(await call(`${url}/api/jobs/app-x`, 'DELETE')).toEqual([404, text]);
});

test.each([
  ['no body and no type', []],
  ['an empty body of some type', ['Content-Type: application/x-www-form-urlencoded', 'Content-Length: 0']],
  ['an empty body declared as JSON', ['Content-Type: application/json', 'Content-Length: 0']],
])('stop and delete take %s', async (_name, lines) => {
  const { port, service } = await startServer();
  await submitted(service, { id: 'app-x' });
  const stop = await sendRaw(port, rawRequest('POST /api/jobs/app-x/stop', ['Host: localhost', ...lines]));
  expect([stop.status, stop.body]).toEqual([200, 'true']);
  const remove = await sendRaw(port, rawRequest('DELETE /api/jobs/app-x', ['Host: localhost', ...lines]));
  expect([remove.status, remove.body]).toEqual([200, 'false']);
});
