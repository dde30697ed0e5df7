import { expect, test } from 'vitest';
import { ended, FAILURE, sampleJob } from '../../store/sample-jobs.ts';
import { postJson, startServer } from '../harness.ts';
import { openRealService } from './real-service.ts';

async function start() {
  const { service, store } = await openRealService();
  const { url } = await startServer({ service });
  return { service, store, api: `${url}/api/v1/jobs` };
}

test('a job that has ended is submitted again, as it was, with an id of its own', async () => {
  const { store, api } = await start();
  const spec = { metadata: { a: 'b' }, poolLabels: ['x'], stopGraceMs: 7, stopSignal: 'SIGINT' } as const;
  await store.insert(sampleJob('a', { tenant: 'b', spec }));
  await store.apply('a', ended(null, FAILURE));
  const before = await store.get('a');
  const response = await postJson(`${api}/a/retry`, {}, { 'idempotency-key': 'k' });
  const copy = await response.json();
  expect(response.status).toBe(201);
  expect(response.headers.get('location')).toBe(`/api/v1/jobs/${copy.id}`);
  expect(copy).toMatchObject({ status: 'PENDING', retry_of: 'a', tenant: 'b', metadata: { a: 'b' }, labels: ['x'] });
  expect((await store.get(copy.id))?.spec).toEqual({ ...before?.spec, queue: 'default', retryOf: 'a' });
  expect(await store.get('a')).toEqual(before);
  const again = await postJson(`${api}/a/retry`, {}, { 'idempotency-key': 'k' });
  expect([again.status, (await again.json()).id]).toEqual([200, copy.id]);
});

test('a job that has not ended is not retried, an unknown one neither', async () => {
  const { store, api } = await start();
  await store.insert(sampleJob('a'));
  const response = await fetch(`${api}/a/retry`, { method: 'POST' });
  expect([response.status, (await response.json()).code]).toEqual([409, 'JOB_NOT_ENDED']);
  expect((await fetch(`${api}/b/retry`, { method: 'POST' })).status).toBe(404);
  expect((await postJson(`${api}/a/retry`, { id: 'x' })).status).toBe(400);
});

test('a dry run answers what would be stored, and stores nothing', async () => {
  const { service, store, api } = await start();
  const body = { entrypoint: 'true', metadata: { a: 'b' }, dry_run: true };
  const response = await postJson(api, body, { 'idempotency-key': 'k' });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({
    dry_run: true,
    job: { id: null, status: 'PENDING', entrypoint: 'true', metadata: { a: 'b' }, retry_of: null },
  });
  expect((await service.counts()).PENDING).toBe(0);
  expect((await postJson(api, { entrypoint: 'false' }, { 'idempotency-key': 'k' })).status).toBe(201);
  await store.insert(sampleJob('taken'));
  for (const [fields, status] of [
    [{ resources: { cpus: 9 } }, 422],
    [{ runtime_env: { foo: 1 } }, 400],
    [{ id: 'taken' }, 409],
  ]) {
    expect((await postJson(api, { ...body, ...Object(fields) })).status).toBe(status);
  }
  expect((await service.counts()).PENDING).toBe(2);
});
