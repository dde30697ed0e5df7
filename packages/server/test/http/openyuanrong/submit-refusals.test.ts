import { expect, test } from 'vitest';
import { postJson, startServer } from '../harness.ts';

const VALID = { entrypoint: 'true', runtime_env: { working_dir: '/srv/app' } };
const BIND = 'shouldBind SubmitJob request failed, err: ';
const PATTERN = 'pattern: ^[a-z0-9-]{1,64}$, err: <nil>';

const CASES: [name: string, body: unknown, text: string, code: string][] = [
  ['no entrypoint', { ...VALID, entrypoint: undefined }, 'entrypoint should not be empty', 'INVALID_BODY'],
  ['an empty entrypoint', { ...VALID, entrypoint: '' }, 'entrypoint should not be empty', 'INVALID_BODY'],
  ['no runtime_env', { entrypoint: 'true' }, 'runtime_env.working_dir should not be empty', 'INVALID_BODY'],
  [
    'an empty working_dir',
    { ...VALID, runtime_env: { working_dir: '' } },
    'runtime_env.working_dir should not be empty',
    'INVALID_BODY',
  ],
  [
    'a negative number of cpus',
    { ...VALID, entrypoint_num_cpus: -1 },
    'entrypoint_num_cpus should not be less than 0',
    'INVALID_BODY',
  ],
  [
    'a negative number of gpus',
    { ...VALID, entrypoint_num_gpus: -0.5 },
    'entrypoint_num_gpus should not be less than 0',
    'INVALID_BODY',
  ],
  [
    'negative memory',
    { ...VALID, entrypoint_memory: -1 },
    'entrypoint_memory should not be less than 0',
    'INVALID_BODY',
  ],
  [
    'an id with driver in it',
    { ...VALID, submission_id: 'my-driver' },
    "submission_id should not contain 'driver'",
    'INVALID_JOB_ID',
  ],
  [
    'an id against the pattern',
    { ...VALID, submission_id: 'A_b' },
    `regular expression validation error, submissionId: app-A_b, ${PATTERN}`,
    'INVALID_JOB_ID',
  ],
  [
    'an id with a newline behind it',
    { ...VALID, submission_id: 'app-x\n' },
    `regular expression validation error, submissionId: app-x\n, ${PATTERN}`,
    'INVALID_JOB_ID',
  ],
  [
    'an id of 61 characters without the prefix',
    { ...VALID, submission_id: 'x'.repeat(61) },
    `regular expression validation error, submissionId: app-${'x'.repeat(61)}, ${PATTERN}`,
    'INVALID_JOB_ID',
  ],
  // Order of the checks.
  [
    'wrong type and empty entrypoint',
    { metadata: 1 },
    `${BIND}metadata: expected an object, found a number`,
    'INVALID_BODY',
  ],
  ['empty entrypoint and working_dir', { runtime_env: {} }, 'entrypoint should not be empty', 'INVALID_BODY'],
  [
    'empty working_dir and negative cpus',
    { entrypoint: 'x', entrypoint_num_cpus: -1 },
    'runtime_env.working_dir should not be empty',
    'INVALID_BODY',
  ],
  [
    'negative memory and a bad id',
    { ...VALID, entrypoint_memory: -1, submission_id: 'driver' },
    'entrypoint_memory should not be less than 0',
    'INVALID_BODY',
  ],
  // Types.
  ['a list as the body', [], `${BIND}body: expected a JSON object`, 'INVALID_BODY'],
  [
    'an entrypoint that is a number',
    { ...VALID, entrypoint: 5 },
    `${BIND}entrypoint: expected a string, found a number`,
    'INVALID_BODY',
  ],
  [
    'an entrypoint with a NUL',
    { ...VALID, entrypoint: 'a\0b' },
    `${BIND}entrypoint: expected a string without NUL characters`,
    'INVALID_BODY',
  ],
  [
    'a runtime_env that is a list',
    { ...VALID, runtime_env: [] },
    `${BIND}runtime_env: expected an object, found an array`,
    'INVALID_BODY',
  ],
  [
    'a variable that is a number',
    { ...VALID, runtime_env: { env_vars: { A: 1 } } },
    `${BIND}runtime_env.env_vars.A: expected a string, found a number`,
    'INVALID_BODY',
  ],
  [
    'a requirement that is a number',
    { ...VALID, runtime_env: { pip: ['a', 1] } },
    `${BIND}runtime_env.pip[1]: expected a string, found a number`,
    'INVALID_BODY',
  ],
  [
    'metadata that is nested',
    { ...VALID, metadata: { a: {} } },
    `${BIND}metadata.a: expected a string, found an object`,
    'INVALID_BODY',
  ],
  [
    'cpus that are a text',
    { ...VALID, entrypoint_num_cpus: '1' },
    `${BIND}entrypoint_num_cpus: expected a number, found a string`,
    'INVALID_BODY',
  ],
  [
    'half a byte',
    { ...VALID, entrypoint_memory: 1.5 },
    `${BIND}entrypoint_memory: expected an integer, found a number`,
    'INVALID_BODY',
  ],
  [
    'memory beyond what a number can say',
    { ...VALID, entrypoint_memory: 2 ** 60 },
    `${BIND}entrypoint_memory: expected an integer of at most 2^53 - 1`,
    'INVALID_BODY',
  ],
  [
    'a negative resource',
    { ...VALID, entrypoint_resources: { NPU: -1 } },
    `${BIND}entrypoint_resources.NPU: expected a number of at least 0`,
    'INVALID_BODY',
  ],
  [
    'more than the machine has',
    { ...VALID, entrypoint_num_cpus: 4096 },
    'the job asks for 4096 cpus, and this machine has 1024 in all',
    'UNSCHEDULABLE',
  ],
];

test.each(CASES)('%s is refused with its own text', async (_name, body, text, code) => {
  const { url, service } = await startServer();
  const response = await postJson(`${url}/api/jobs`, body);
  expect(response.status).toBe(code === 'UNSCHEDULABLE' ? 422 : 400);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(response.headers.get('x-error-code')).toBe(code);
  expect(await response.json()).toBe(text);
  expect((await service.counts()).PENDING).toBe(0);
});

test('a number that overflows is a wrong type, since it is infinite', async () => {
  const { url } = await startServer();
  const body = '{"entrypoint":"x","entrypoint_num_gpus":1e999,"runtime_env":{"working_dir":"/a"}}';
  const response = await postJson(`${url}/api/jobs`, body);
  expect(response.status).toBe(400);
  expect(await response.json()).toBe(`${BIND}entrypoint_num_gpus: expected a number that is not so large`);
});

test.each(['{"entrypoint":', 'nonsense', '{"a":1}{"b":2}'])('%j is not JSON', async (body) => {
  const { url } = await startServer();
  const response = await postJson(`${url}/api/jobs`, body);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatch(/^shouldBind SubmitJob request failed, err: body: expected /);
});

test('no body at all is refused as one that is no object', async () => {
  const { url } = await startServer();
  const response = await fetch(`${url}/api/jobs`, { method: 'POST' });
  expect(response.status).toBe(400);
  expect(await response.json()).toBe(`${BIND}body: expected a JSON object`);
});

test('an id that exists is refused, whatever became of the job, with 60 and 64 characters being allowed', async () => {
  const { url, service } = await startServer();
  const id = `app-${'x'.repeat(60)}`;
  expect((await postJson(`${url}/api/jobs`, { ...VALID, submission_id: 'x'.repeat(60) })).status).toBe(200);
  service.start(id);
  service.end(id);
  const response = await postJson(`${url}/api/jobs`, { ...VALID, submission_id: id });
  expect(response.status).toBe(400);
  expect(response.headers.get('x-error-code')).toBe('JOB_EXISTS');
  expect(await response.json()).toBe(`submit job has already exist, submissionId: ${id}`);
});

test('a name that no variable can have is refused, other faults of an environment are not', async () => {
  const { url } = await startServer();
  const response = await postJson(`${url}/api/jobs`, {
    ...VALID,
    runtime_env: { working_dir: '/a', env_vars: { 'A.B': '1' } },
  });
  expect(response.status).toBe(400);
  expect(response.headers.get('x-error-code')).toBe('INVALID_ENVIRONMENT');
  expect(await response.json()).toContain('runtime_env.env_vars has the name "A.B"');
  const odd = { working_dir: 'gopher://x', conda: 'env' };
  expect((await postJson(`${url}/api/jobs`, { ...VALID, runtime_env: odd })).status).toBe(200);
});

test('a bad tenant header is refused by name', async () => {
  const { url } = await startServer();
  const response = await postJson(`${url}/api/jobs`, VALID, { 'x-tenant-id': 'a b' });
  expect(response.status).toBe(400);
  expect(await response.json()).toContain("header 'X-Tenant-Id'");
});
