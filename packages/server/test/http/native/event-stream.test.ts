import { expect, test } from 'vitest';
import type { ConnectionLimits } from '../../../src/http/connection-limits.ts';
import { ended, FAILURE, handOver, SUCCESS, sampleJob, started } from '../../store/sample-jobs.ts';
import { startServer } from '../harness.ts';
import { openEvents } from './event-stream-reader.ts';
import { openRealService } from './real-service.ts';

async function start(limits: Partial<ConnectionLimits> = {}) {
  const { service, store } = await openRealService();
  const server = await startServer({ service, limits });
  return { ...server, service, store, api: `${server.url}/api/v1` };
}

const typesOf = (events: { event: string }[]) => events.map(({ event }) => event);

test('the history of one job comes as it happens, and ends with the job', async () => {
  const { api, store } = await start();
  await store.insert(sampleJob('a'));
  await store.insert(sampleJob('other'));
  const reader = await openEvents(`${api}/jobs/a/events`);
  expect([reader.status, reader.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
  expect(typesOf(await reader.take(1))).toEqual(['submitted']);
  await store.apply('a', handOver('a1'));
  await store.apply('other', ended(null, FAILURE));
  await store.apply('a', started('a1'));
  expect(typesOf(await reader.take(2))).toEqual(['handed_over', 'started']);
  await store.apply('a', ended('a1', SUCCESS));
  const [end, ...more] = await reader.rest();
  expect(end).toMatchObject({ event: 'ended', data: { job_id: 'a', detail: { status: 'SUCCEEDED', exit_code: 0 } } });
  expect(end?.id).toBe(String(end?.data.id));
  expect(more).toEqual([]);
});

test('a stream resumes behind the last id, and the end of an ended job is 204', async () => {
  const { api, store } = await start();
  await store.insert(sampleJob('a'));
  await store.apply('a', handOver('a1'));
  await store.apply('a', ended('a1', SUCCESS));
  const all = await (await openEvents(`${api}/jobs/a/events`)).rest();
  expect(typesOf(all)).toEqual(['submitted', 'handed_over', 'ended']);
  const first = all[0]?.id ?? '';
  const resumed = await openEvents(`${api}/jobs/a/events`, { 'last-event-id': first });
  expect(await resumed.rest()).toEqual(all.slice(1));
  expect(await (await openEvents(`${api}/jobs/a/events?after=${first}`)).rest()).toEqual(all.slice(1));
  const over = await openEvents(`${api}/jobs/a/events?after=0`, { 'last-event-id': all[2]?.id ?? '' });
  expect(over.status).toBe(204);
});

test('a job that is deleted says so', async () => {
  const { api, store } = await start();
  await store.insert(sampleJob('keeps-ids'));
  await store.insert(sampleJob('a'));
  const reader = await openEvents(`${api}/jobs/a/events`);
  await reader.take(1);
  // Both in one commit: the follower looks when the job is gone.
  await Promise.all([store.apply('a', ended(null, FAILURE)), store.remove('a')]);
  expect(typesOf(await reader.rest())).toEqual(['deleted']);
  expect((await openEvents(`${api}/jobs/a/events`)).status).toBe(404);
});

test('the stream of all jobs begins with what happens from now on, or behind an id', async () => {
  const { api, store } = await start();
  await store.insert(sampleJob('before'));
  const live = await openEvents(`${api}/events`);
  await store.insert(sampleJob('a', { tenant: 'b' }));
  const [first] = await live.take(1);
  expect(first).toMatchObject({ event: 'submitted', data: { job_id: 'a', tenant: 'b' } });
  const whole = await openEvents(`${api}/events?after=0`);
  expect((await whole.take(2)).map(({ data }) => data.job_id)).toEqual(['before', 'a']);
});

test('tenant and type choose among the events of all jobs', async () => {
  const { api, store } = await start();
  const reader = await openEvents(`${api}/events?after=0&tenant=b&type=ended&type=handed_over`);
  for (const [id, tenant] of [
    ['x', 'a'],
    ['y', 'b'],
  ] as const) {
    await store.insert(sampleJob(id, { tenant }));
    await store.apply(id, handOver(`of-${id}`));
    await store.apply(id, ended(`of-${id}`, SUCCESS));
  }
  const events = await reader.take(2);
  expect(events.map(({ event, data }) => [event, data.job_id])).toEqual([
    ['handed_over', 'y'],
    ['ended', 'y'],
  ]);
});

test('who resumes below the oldest kept id, or above the newest, is told so and gets what there is', async () => {
  const { api, store } = await start();
  for (const id of ['old', 'new']) {
    await store.insert(sampleJob(id));
    await store.apply(id, ended(null, FAILURE));
  }
  await store.remove('old');
  const { oldestId, newestId } = await store.eventBounds();
  for (const id of [1, newestId + 1]) {
    const [reset, next] = await (await openEvents(`${api}/events`, { 'last-event-id': String(id) })).take(2);
    expect(reset).toEqual({ id: null, event: 'reset', data: { oldest_id: oldestId, newest_id: newestId } });
    expect(next?.id).toBe(String(oldestId));
  }
  const [unbroken] = await (await openEvents(`${api}/events?after=${oldestId - 1}`)).take(1);
  expect(unbroken?.id).toBe(String(oldestId));
  const [ofJob] = await (await openEvents(`${api}/jobs/new/events?after=1`)).take(1);
  expect(ofJob?.event).toBe('reset');
});

test('a thousand events at once reach a follower each once and in order', async () => {
  const { api, store } = await start();
  const reader = await openEvents(`${api}/events`);
  await Promise.all(Array.from({ length: 1000 }, (_, index) => store.insert(sampleJob(`job-${index}`))));
  const ids = (await reader.take(1000)).map(({ id }) => Number(id));
  expect(ids).toEqual(Array.from({ length: 1000 }, (_, index) => (ids[0] ?? 0) + index));
});

test('silence is broken by comments', async () => {
  const { api, store } = await start({ heartbeatMs: 20 });
  const reader = await openEvents(`${api}/events`);
  expect([await reader.next(), await reader.next()]).toEqual([':', ':']);
  await store.insert(sampleJob('a'));
  expect(typesOf(await reader.take(1))).toEqual(['submitted']);
});

test('the server ends its streams when it closes', async () => {
  const { api, close } = await start();
  const reader = await openEvents(`${api}/events`);
  const rest = reader.rest();
  await close();
  expect(await rest).toEqual([]);
});

test('without the type in Accept both answer JSON', async () => {
  const { api, store } = await start();
  await store.insert(sampleJob('a', { tenant: 'b' }));
  const all = await (await fetch(`${api}/events`, { headers: { accept: '*/*' } })).json();
  const [event] = all.events;
  expect(event).toMatchObject({ job_id: 'a', tenant: 'b', type: 'submitted' });
  expect(all).toMatchObject({ next_after: event.id, oldest_id: event.id, newest_id: event.id });
  const next = await (await fetch(`${api}/events?after=${event.id}&tenant=b`)).json();
  expect(next).toMatchObject({ events: [], next_after: event.id });
  const { tenant: _, ...ofJob } = event;
  expect(await (await fetch(`${api}/jobs/a/events`)).json()).toEqual({ events: [ofJob] });
});

test.each([
  ['/events?type=born', {}, 'INVALID_QUERY'],
  ['/events?limit=0', {}, 'INVALID_QUERY'],
  ['/events?status=x', {}, 'INVALID_QUERY'],
  ['/events', { 'last-event-id': 'x' }, 'INVALID_HEADER'],
])('%s with %j is refused', async (path, headers, code) => {
  const { api } = await start();
  const response = await fetch(`${api}${path}`, { headers: { accept: 'text/event-stream', ...headers } });
  expect([response.status, (await response.json()).code]).toEqual([400, code]);
});
