import { expect, test } from 'vitest';
import { postJson, startServer } from '../harness.ts';

const BODY = { entrypoint: 'python main.py', runtime_env: { working_dir: '/srv/app' } };

test('a submit answers 200 with the id and nothing else, with and without a trailing slash', async () => {
  const { url } = await startServer();
  for (const path of ['/api/jobs', '/api/jobs/']) {
    const response = await postJson(`${url}${path}`, BODY);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await response.json()).toEqual({ submission_id: expect.stringMatching(/^app-[0-9a-f-]{36}$/) });
  }
});

test('everything that the body says reaches the service', async () => {
  const { url, service } = await startServer();
  const response = await postJson(`${url}/api/jobs`, {
    ...BODY,
    submission_id: 'train-1',
    runtime_env: { working_dir: 'file:///d.zip', env_vars: { A: '1' }, pip: ['numpy==1.24'], strange: 1 },
    metadata: { owner: 'me' },
    entrypoint_num_cpus: 1.5,
    entrypoint_num_gpus: 2,
    entrypoint_memory: 8_589_934_592,
    entrypoint_resources: { NPU: 1 },
    labels: 'fast, slow',
    createOptions: {},
  });
  expect(await response.json()).toEqual({ submission_id: 'app-train-1' });
  expect(await service.get('app-train-1')).toMatchObject({
    tenant: 'default',
    door: 'openyuanrong',
    spec: {
      entrypoint: 'python main.py',
      runtimeEnv: { working_dir: 'file:///d.zip', env_vars: { A: '1' }, pip: ['numpy==1.24'] },
      metadata: { owner: 'me' },
      resources: { cpus: 1.5, gpus: 2, memoryBytes: 8_589_934_592, custom: { NPU: 1 } },
      poolLabels: ['fast', 'slow'],
    },
  });
});

test('the headers name tenant and pool labels, and win over the field', async () => {
  const { url, service } = await startServer();
  const headers = { 'x-tenant-id': 'team-a', 'x-pool-label': 'gpu, cpu' };
  await postJson(`${url}/api/jobs`, { ...BODY, submission_id: 'app-x', labels: 'other' }, headers);
  expect(await service.get('app-x')).toMatchObject({ tenant: 'team-a', spec: { poolLabels: ['gpu', 'cpu'] } });
});

test('null counts as absent in every field', async () => {
  const { url, service } = await startServer();
  const nothing = {
    submission_id: null,
    metadata: null,
    entrypoint_num_cpus: null,
    entrypoint_memory: null,
    labels: null,
  };
  const response = await postJson(`${url}/api/jobs`, {
    ...{ ...BODY, ...nothing },
    runtime_env: { working_dir: '/srv/app', env_vars: null, pip: null },
  });
  expect(response.status).toBe(200);
  const [job] = (await service.list({ filter: {}, limit: 1 })).jobs;
  expect(job?.spec).toMatchObject({ metadata: {}, runtimeEnv: { working_dir: '/srv/app' } });
});

test('keys named __proto__ are kept as what they are, and change nothing else', async () => {
  const { url } = await startServer();
  const body = `{"__proto__":{"entrypoint":"evil"},"entrypoint":"true","submission_id":"p","runtime_env":
    {"working_dir":"/srv/app","env_vars":{"__proto__":"v"}},"metadata":{"__proto__":"x","constructor":"y"}}`;
  expect((await postJson(`${url}/api/jobs`, body)).status).toBe(200);
  const details = await (await fetch(`${url}/api/jobs/app-p`)).text();
  expect(details).toContain('"metadata":{"__proto__":"x","constructor":"y"}');
  expect(details).toContain(JSON.stringify('{"__proto__":"v"}'));
  const found = await (await fetch(`${url}/api/jobs?metadata.__proto__=x`)).json();
  expect(found).toHaveLength(1);
  expect(await (await fetch(`${url}/api/jobs?metadata.__proto__=z`)).json()).toEqual([]);
});
