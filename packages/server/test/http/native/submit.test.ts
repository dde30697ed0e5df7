import { expect, test } from 'vitest';
import { postJson, startServer } from '../harness.ts';

test('a submit answers 201 with the whole job and where it is', async () => {
  const { url, service } = await startServer();
  const response = await postJson(
    `${url}/api/v1/jobs`,
    {
      id: 'Train_1.a',
      entrypoint: 'python main.py',
      runtime_env: { env_vars: { A: '1' } },
      metadata: { owner: 'me' },
      resources: { cpus: 1.5, custom: { NPU: 2 } },
      labels: ['fast'],
      stop_grace_seconds: 2.5,
    },
    { 'x-tenant-id': 'team-a' },
  );
  expect(response.status).toBe(201);
  expect(response.headers.get('location')).toBe('/api/v1/jobs/Train_1.a');
  expect(await response.json()).toEqual({
    ...{ id: 'Train_1.a', tenant: 'team-a', door: 'native', status: 'PENDING', entrypoint: 'python main.py' },
    ...{ engine: 'local', engine_options: {} },
    runtime_env: { env_vars: { A: '1' } },
    metadata: { owner: 'me' },
    resources: { cpus: 1.5, gpus: 0, memory_bytes: 0, custom: { NPU: 2 } },
    queue: 'default',
    priority: 0,
    ...{ max_retries: 0, retry_policy: null, time_limit_seconds: null, queue_time_limit_seconds: null },
    ttl_seconds_after_finished: null,
    ...{ after: [], after_any: [], after_success: [], array: null, element: null, schedule: null },
    retries: { made: 0, next_at: null, last_end: null },
    labels: ['fast'],
    retry_of: null,
    submitted_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    ...{ started_at: null, ended_at: null },
    pending_reason: {
      code: 'WAITING_FOR_RESOURCES',
      message: 'needs 2 gpus: 4 in all, 3 in use',
      jobs_ahead: 3,
      lack: { resource: 'gpus', needed: 2, total: 4, in_use: 3 },
    },
    ...{ attempt: null, stop: null, end: null, revision: 1 },
  });
  expect((await service.get('Train_1.a'))?.spec.stopGraceMs).toBe(2500);
});

test('an entrypoint is all it takes', async () => {
  const { url } = await startServer();
  const response = await postJson(`${url}/api/v1/jobs/`, { entrypoint: 'true' });
  expect(await response.json()).toMatchObject({
    ...{ id: expect.stringMatching(/^job-/), tenant: 'default', runtime_env: {}, metadata: {}, labels: [] },
    resources: { cpus: 0, gpus: 0, memory_bytes: 0, custom: {} },
  });
});

test.each([
  [{}, 'INVALID_BODY', 'entrypoint'],
  [{ entrypoint: '' }, 'INVALID_BODY', 'entrypoint: expected a command'],
  [{ entrypoint: 'a', foo: 1, bar: 2 }, 'INVALID_BODY', 'unknown fields: foo, bar'],
  [{ entrypoint: 'a', resources: { ram: 1 } }, 'INVALID_BODY', 'unknown field: resources.ram'],
  [{ entrypoint: 'a', resources: { cpus: -1 } }, 'INVALID_BODY', 'resources.cpus'],
  [{ entrypoint: 'a', resources: { memory_bytes: 1.5 } }, 'INVALID_BODY', 'resources.memory_bytes'],
  [{ entrypoint: 'a', metadata: { a: 1 } }, 'INVALID_BODY', 'metadata: expected an object of strings'],
  [{ entrypoint: 'a', stop_grace_seconds: 1e9 }, 'INVALID_BODY', 'stop_grace_seconds'],
  [{ entrypoint: 'a', labels: 'x' }, 'INVALID_BODY', 'labels'],
  [[], 'INVALID_BODY', 'body'],
  [{ entrypoint: 'a', id: '-x' }, 'INVALID_JOB_ID', "'-x'"],
  [{ entrypoint: 'a', id: '..' }, 'INVALID_JOB_ID', "'..'"],
  [{ entrypoint: 'a', id: 'a/b' }, 'INVALID_JOB_ID', "'a/b'"],
  [{ entrypoint: 'a', id: 'x'.repeat(129) }, 'INVALID_JOB_ID', 'xxx'],
  [{ entrypoint: 'a', runtime_env: { foo: 1 } }, 'INVALID_ENVIRONMENT', 'runtime_env.foo is not known'],
  [{ entrypoint: 'a', runtime_env: { conda: 'x' } }, 'INVALID_ENVIRONMENT', 'runtime_env.conda needs conda'],
  [{ entrypoint: 'a', runtime_env: { env_vars: { 'A.B': '' } } }, 'INVALID_ENVIRONMENT', 'runtime_env.env_vars has'],
])('%j is refused with %s', async (body, code, detail) => {
  const { url, service } = await startServer();
  const response = await postJson(`${url}/api/v1/jobs`, body);
  expect(response.status).toBe(400);
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(await response.json()).toMatchObject({ code, status: 400, detail: expect.stringContaining(detail) });
  expect((await service.counts()).PENDING).toBe(0);
});

test('a value beyond several bounds is told of once, by the narrowest', async () => {
  const { url } = await startServer();
  const response = await postJson(`${url}/api/v1/jobs`, {
    ...{ entrypoint: 'true', time_limit_seconds: -1, priority: 1e20, resources: { cpus: -1 } },
  });
  expect((await response.json()).detail.split('; ')).toEqual([
    'resources.cpus: Too small: expected number to be >=0',
    'priority: Too big: expected number to be <=1000',
    'time_limit_seconds: Too small: expected number to be >=0.001',
  ]);
});

test('an id that another job has is 409', async () => {
  const { url } = await startServer();
  await postJson(`${url}/api/v1/jobs`, { entrypoint: 'false', id: 'x' });
  const response = await postJson(`${url}/api/v1/jobs`, { entrypoint: 'true', id: 'x' });
  expect(response.status).toBe(409);
  expect(await response.json()).toMatchObject({ code: 'JOB_EXISTS', detail: "a job with the id 'x' exists already" });
});

test('metadata named __proto__ is kept', async () => {
  const { url } = await startServer();
  const body = '{"entrypoint":"true","id":"p","metadata":{"__proto__":"x"}}';
  expect(await (await postJson(`${url}/api/v1/jobs`, body)).text()).toContain('"metadata":{"__proto__":"x"}');
});

test('the version names API and node', async () => {
  const { url } = await startServer();
  expect(await (await fetch(`${url}/api/v1/version`)).json()).toEqual({
    ...{ version: '1.2.3', api: 'v1', node_id: 'node2-744947' },
  });
});
