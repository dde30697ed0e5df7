import { expect, test } from 'vitest';
import { postJson, startServer } from '../harness.ts';

const NONE = { running: null, cpus: null, gpus: null, memory_bytes: null };
const NO_DEFAULTS = {
  ...{ max_retries: null, time_limit_seconds: null, queue_time_limit_seconds: null, setup_time_limit_seconds: null },
  ttl_seconds_after_finished: null,
};
const IDLE = { waiting: 0, running: 0, cpus: 0, gpus: 0, memory_bytes: 0 };

function patch(url: string, body: unknown): Promise<Response> {
  return fetch(url, { method: 'PATCH', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
}

test('a queue is created, shown, changed field by field, and deleted', async () => {
  const { url } = await startServer();
  const created = await postJson(`${url}/api/v1/queues`, { name: 'train', priority: 5, limits: { gpus: 2 } });
  expect(created.status).toBe(201);
  expect(created.headers.get('location')).toBe('/api/v1/queues/train');
  const train = {
    ...{ name: 'train', priority: 5, state: 'active', limits: { ...NONE, gpus: 2 }, use: IDLE },
    ...{ defaults: NO_DEFAULTS, max_time_limit_seconds: null },
    ...{ engine: null, engine_options: {} },
  };
  expect(await created.json()).toEqual(train);
  expect(await (await fetch(`${url}/api/v1/queues/train`)).json()).toEqual(train);
  const changed = await patch(`${url}/api/v1/queues/train`, { limits: { gpus: null, running: 3 } });
  expect(await changed.json()).toEqual({ ...train, limits: { ...NONE, running: 3 } });
  const limited = await patch(`${url}/api/v1/queues/train`, {
    ...{ defaults: { max_retries: 2, time_limit_seconds: 1.5 }, max_time_limit_seconds: 60 },
  });
  expect(await limited.json()).toMatchObject({
    ...{ defaults: { ...NO_DEFAULTS, max_retries: 2, time_limit_seconds: 1.5 }, max_time_limit_seconds: 60 },
  });
  const { queues } = await (await fetch(`${url}/api/v1/queues`)).json();
  expect(queues.map(({ name }: { name: string }) => name)).toEqual(['default', 'train']);
  expect((await fetch(`${url}/api/v1/queues/train`, { method: 'DELETE' })).status).toBe(204);
  expect((await fetch(`${url}/api/v1/queues/train`)).status).toBe(404);
});

test('a queue is paused, drained and resumed', async () => {
  const { url } = await startServer();
  for (const [action, state] of [
    ['pause', 'paused'],
    ['drain', 'draining'],
    ['resume', 'active'],
  ]) {
    const response = await fetch(`${url}/api/v1/queues/default/${action}`, { method: 'POST' });
    expect(await response.json()).toMatchObject({ name: 'default', state });
  }
});

test.each([
  [{}, 'name'],
  [{ name: 'A' }, 'name: expected 1 to 63 of a-z'],
  [{ name: 'a', limit: {} }, 'unknown field: limit'],
  [{ name: 'a', priority: 1001 }, 'priority'],
  [{ name: 'a', limits: { cpus: -1 } }, 'limits.cpus'],
])('a queue is refused with what is wrong: %j', async (body, detail) => {
  const { url } = await startServer();
  const response = await postJson(`${url}/api/v1/queues`, body);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: 'INVALID_BODY', detail: expect.stringContaining(detail) });
});

test('a tenant has a weight, a quota and a queue of its own, and says how it stands', async () => {
  const { url } = await startServer();
  const tenant = {
    name: 'team a',
    weight: 1,
    quota: NONE,
    default_queue: 'default',
    use: IDLE,
    share: { now: 0, average: 0 },
  };
  expect((await fetch(`${url}/api/v1/tenants/team%20a`)).status).toBe(404);
  expect(await (await fetch(`${url}/api/v1/tenants/a`)).json()).toEqual({ ...tenant, name: 'a' });
  expect(await (await patch(`${url}/api/v1/tenants/a`, { weight: 2, quota: { cpus: 8 } })).json()).toEqual({
    ...{ ...tenant, name: 'a', weight: 2, quota: { ...NONE, cpus: 8 } },
  });
  expect(await (await patch(`${url}/api/v1/tenants/a`, { default_queue: 'nope' })).json()).toMatchObject({
    code: 'UNKNOWN_QUEUE',
  });
  expect((await (await fetch(`${url}/api/v1/tenants`)).json()).tenants).toHaveLength(1);
  expect((await fetch(`${url}/api/v1/tenants/a`, { method: 'DELETE' })).status).toBe(204);
  expect((await (await fetch(`${url}/api/v1/tenants`)).json()).tenants).toEqual([]);
});
