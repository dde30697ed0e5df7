import { expect, test } from 'vitest';
import { ended, FAILURE, STOP, SUCCESS, sampleJob } from '../../store/sample-jobs.ts';
import { postJson, startServer } from '../harness.ts';
import { openRealService } from './real-service.ts';

async function start() {
  const { service, store } = await openRealService();
  const { url } = await startServer({ service });
  const post = async (path: string, body: object = {}) => {
    const response = await postJson(`${url}/api/v1/jobs/${path}`, body);
    return { status: response.status, body: await response.json() };
  };
  return { service, store, post, url };
}

test('every job that the filter matches is stopped, and no other', async () => {
  const { store, post } = await start();
  for (let index = 0; index < 250; index++) await store.insert(sampleJob(`b-${index}`, { tenant: 'b' }));
  await store.insert(sampleJob('mine'));
  await store.apply('b-0', ended(null, FAILURE));
  const { status, body } = await post('stop?tenant=b', { grace_seconds: 1.5 });
  expect(status).toBe(200);
  expect(body).toMatchObject({ done: 249, skipped: 0, refused: 0, complete: true });
  expect([body.ids.length, body.ids[0], body.ids.at(-1)]).toEqual([249, 'b-249', 'b-1']);
  expect((await store.get('b-7'))?.stop).toMatchObject({ graceMs: 1500 });
  expect((await store.get('b-0'))?.stop).toBeNull();
  expect((await store.get('mine'))?.stop).toBeNull();
});

test('all that have ended are deleted; those that have not stay', async () => {
  const { store, post } = await start();
  for (const id of ['a', 'b', 'c']) await store.insert(sampleJob(id));
  for (const id of ['a', 'b']) await store.apply(id, ended(null, FAILURE));
  expect((await post('delete?status=RUNNING&status=PENDING')).body).toMatchObject({ done: 0, complete: true });
  expect((await post('delete?all=true')).body).toEqual({
    ...{ done: 2, skipped: 0, refused: 0, ids: ['b', 'a'], complete: true },
  });
  expect((await store.list({ filter: {}, limit: 10 })).jobs.map(({ id }) => id)).toEqual(['c']);
});

test('a retry means failed jobs where no status is named, and counts those that are refused', async () => {
  const { store, post } = await start();
  const tooLarge = { resources: { cpus: 9, gpus: 0, memoryBytes: 0, custom: {} } };
  for (const id of ['failed', 'stopped', 'fine', 'waits']) await store.insert(sampleJob(id));
  await store.insert(sampleJob('too-large', { spec: tooLarge }));
  await store.apply('failed', ended(null, FAILURE));
  await store.apply('too-large', ended(null, FAILURE));
  await store.apply('stopped', ended(null, STOP));
  await store.apply('fine', ended(null, SUCCESS));
  const first = (await post('retry?all=true')).body;
  expect(first).toMatchObject({ done: 1, skipped: 0, refused: 1, complete: true });
  expect((await store.get(first.ids[0]))?.spec.retryOf).toBe('failed');
  const second = (await post('retry?status=STOPPED&status=PENDING')).body;
  expect((await store.get(second.ids[0]))?.spec.retryOf).toBe('stopped');
  expect(second.done).toBe(1);
});

test('a dry run counts what would be done, and does nothing', async () => {
  const { store, post } = await start();
  for (const id of ['waits', 'failed', 'too-large']) {
    const spec = { resources: { cpus: id === 'too-large' ? 9 : 1, gpus: 0, memoryBytes: 0, custom: {} } };
    await store.insert(sampleJob(id, { spec }));
    if (id !== 'waits') await store.apply(id, ended(null, FAILURE));
  }
  const before = await store.allEvents(0, 100);
  const dryRun = async (path: string, body = {}) => (await post(path, { dry_run: true, ...body })).body;
  const counted = (done: number, refused: number, ids: string[]) => ({
    ...{ dry_run: true, done, skipped: 0, refused, ids, complete: true },
  });
  expect(await dryRun('stop?all=true', { grace_seconds: 1 })).toEqual(counted(1, 0, ['waits']));
  expect(await dryRun('delete?status=FAILED')).toEqual(counted(2, 0, ['too-large', 'failed']));
  expect(await dryRun('retry?all=true')).toEqual(counted(1, 1, ['failed']));
  expect(await store.allEvents(0, 100)).toEqual(before);
});

test.each(['stop', 'delete', 'retry'])('%s without a filter, or with a wrong one, is refused', async (action) => {
  const { store, post } = await start();
  await store.insert(sampleJob('a'));
  for (const query of ['', '?q=', '?all=false', '?all=maybe', '?stauts=FAILED', '?limit=5', '?status=DONE']) {
    expect(await post(`${action}${query}`)).toMatchObject({ status: 400, body: { code: 'INVALID_QUERY' } });
  }
  expect(await post(`${action}?all=true`, { grace: 1 })).toMatchObject({ status: 400, body: { code: 'INVALID_BODY' } });
  expect((await store.get('a'))?.revision).toBe(1);
});

test('a job may be called like an action', async () => {
  const { store, url } = await start();
  await store.insert(sampleJob('stop'));
  expect(await (await fetch(`${url}/api/v1/jobs/stop`)).json()).toMatchObject({ id: 'stop' });
  expect((await fetch(`${url}/api/v1/jobs/stop`, { method: 'DELETE' })).status).toBe(409);
  expect((await fetch(`${url}/api/v1/jobs/stop`, { method: 'PUT' })).status).toBe(405);
});
