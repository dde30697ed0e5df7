import { expect, test } from 'vitest';
import { droverError } from '../../../src/errors/drover-error.ts';
import { postJson, startServer } from '../harness.ts';

const BODY = { entrypoint: 'true', runtime_env: { working_dir: '/srv/app' } };

test('a fault is INTERNAL with a request id, and its stack stands in the log under that id', async () => {
  const { url, service, logLines } = await startServer();
  service.break(new Error('secret detail'));
  for (const path of ['/api/jobs', '/api/jobs/app-x', '/api/jobs/app%2Dx', '/api/v1/jobs', '/api/v1/jobs/x']) {
    const response = await fetch(`${url}${path}?`);
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(text).not.toContain('secret detail');
    const id = response.headers.get('x-request-id') ?? '';
    expect(text).toContain(id);
    const line = logLines.find((candidate) => candidate.request_id === id);
    expect(line).toMatchObject({
      level: 50,
      msg: 'request failed',
      err: { stack: expect.stringContaining('secret detail') },
    });
  }
});

test('an error of the catalogue is answered as such at every door', async () => {
  const { url, service } = await startServer();
  service.break(droverError('STORAGE_FULL', {}));
  const text = 'nothing was recorded: the data directory has no space left';
  const yuanrong = await postJson(`${url}/api/jobs`, BODY);
  expect([yuanrong.status, await yuanrong.json()]).toEqual([507, text]);
  const native = await postJson(`${url}/api/v1/jobs`, { entrypoint: 'true' });
  expect(native.status).toBe(507);
  expect(await native.json()).toMatchObject({ code: 'STORAGE_FULL', detail: text, remedy: expect.any(String) });
  expect((await fetch(`${url}/api/jobs/app-x`)).status).toBe(507);
});

test('nothing is logged at info or above for requests that went well', async () => {
  const { url, logLines } = await startServer();
  const before = logLines.length;
  await postJson(`${url}/api/jobs`, BODY);
  await fetch(`${url}/api/jobs`);
  await fetch(`${url}/nothing`);
  expect(logLines.slice(before).filter((line) => Number(line.level) >= 30)).toEqual([]);
});
