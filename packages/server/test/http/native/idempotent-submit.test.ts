import { expect, test } from 'vitest';
import { ended, FAILURE } from '../../store/sample-jobs.ts';
import { postJson, startServer } from '../harness.ts';
import { openRealService } from './real-service.ts';

async function start() {
  const { service, store } = await openRealService();
  const { url } = await startServer({ service });
  const submit = (body: object, headers: Record<string, string> = {}) => postJson(`${url}/api/v1/jobs`, body, headers);
  return { service, store, submit };
}

const KEY = { 'idempotency-key': 'k-1' };

test('a repeated submit with its key answers the job of the first', async () => {
  const { submit, service } = await start();
  const first = await submit({ entrypoint: 'true', metadata: { a: '1', b: '2' } }, KEY);
  expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([201, null]);
  const again = await submit({ metadata: { b: '2', a: '1' }, entrypoint: 'true' }, KEY);
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
  expect(again.headers.get('location')).toBe(first.headers.get('location'));
  expect(await again.json()).toEqual(await first.json());
  expect((await service.counts()).PENDING).toBe(1);
});

test.each([
  { entrypoint: 'false' },
  { entrypoint: 'true', metadata: { a: '1' } },
  { entrypoint: 'true', resources: { cpus: 1 } },
  { entrypoint: 'true', id: 'x' },
])('the same key with %j is a conflict', async (body) => {
  const { submit } = await start();
  const { id } = await (await submit({ entrypoint: 'true' }, KEY)).json();
  const response = await submit(body, KEY);
  expect(response.status).toBe(409);
  expect(await response.json()).toMatchObject({ code: 'IDEMPOTENCY_CONFLICT', detail: expect.stringContaining(id) });
});

test('of many at once with one key one makes a job, and all get it', async () => {
  const { submit, service } = await start();
  const responses = await Promise.all(Array.from({ length: 40 }, () => submit({ entrypoint: 'true' }, KEY)));
  expect(responses.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(responses.filter(({ status }) => status === 200)).toHaveLength(39);
  const jobs = await Promise.all(responses.map((response) => response.json()));
  expect(new Set(jobs.map(({ id }) => id)).size).toBe(1);
  expect((await service.counts()).PENDING).toBe(1);
});

test('another tenant has keys of its own', async () => {
  const { submit } = await start();
  await submit({ entrypoint: 'true' }, KEY);
  expect((await submit({ entrypoint: 'false' }, { ...KEY, 'x-tenant-id': 'b' })).status).toBe(201);
});

test('a job that was deleted is not run again', async () => {
  const { submit, service, store } = await start();
  const { id } = await (await submit({ entrypoint: 'true' }, KEY)).json();
  await store.apply(id, ended(null, FAILURE));
  await service.delete(id);
  const response = await submit({ entrypoint: 'true' }, KEY);
  expect(response.status).toBe(410);
  expect(await response.json()).toMatchObject({ code: 'IDEMPOTENCY_JOB_DELETED' });
});

test('a refused submit does not use up its key', async () => {
  const { submit } = await start();
  expect((await submit({ entrypoint: 'true', resources: { cpus: 9 } }, KEY)).status).toBe(422);
  expect((await submit({ entrypoint: 'true' }, KEY)).status).toBe(201);
});

test('an id of its own is a key too, as long as its job is there', async () => {
  const { submit, service, store } = await start();
  const body = { id: 'x', entrypoint: 'true', stop_grace_seconds: 3 };
  expect((await submit(body)).status).toBe(201);
  const again = await submit(body);
  expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
  for (const other of [
    { ...body, entrypoint: 'false' },
    { id: 'x', entrypoint: 'true', stop_grace_seconds: 4 },
  ]) {
    const response = await submit(other);
    expect([response.status, (await response.json()).code]).toEqual([409, 'JOB_EXISTS']);
  }
  expect((await submit(body, { 'x-tenant-id': 'b' })).status).toBe(409);
  await store.apply('x', ended(null, FAILURE));
  await service.delete('x');
  expect((await submit(body)).status).toBe(201);
});

test.each(['', 'a b', 'x'.repeat(256)])('the key %j is refused', async (key) => {
  const { submit } = await start();
  const response = await submit({ entrypoint: 'true' }, { 'idempotency-key': key });
  expect([response.status, (await response.json()).code]).toEqual([400, 'INVALID_HEADER']);
});

test('a submit that is sent again is the same, whatever span of its trace it is', async () => {
  const { submit } = await start();
  const within = (span: string) => ({ traceparent: `00-${'a'.repeat(32)}-${span.repeat(16)}-01` });
  for (const [body, key] of [
    [{ entrypoint: 'true' }, KEY],
    [{ entrypoint: 'true', id: 'chosen' }, {}],
  ]) {
    expect((await submit({ ...body }, { ...key, ...within('1') })).status).toBe(201);
    expect((await submit({ ...body }, { ...key, ...within('2') })).status).toBe(200);
  }
});
