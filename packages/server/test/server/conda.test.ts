import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { type CondaLike, condaLike } from '../environment/conda/conda-programs.ts';
import { postJson } from '../http/harness.ts';
import { ended, logs, submit } from './job-api.ts';
import { useServer } from './use-server.ts';

let conda: CondaLike;
const server = useServer('all');
const without = useServer('all');

beforeAll(async () => {
  conda = await condaLike(join(server.directory, 'conda-like'));
  await server.start(['--conda', conda.path]);
  await without.start(['--conda', '/no/conda']);
});

it('a job runs in the environment that it describes, and in the one that it names', async () => {
  const described = { dependencies: ['empty'], variables: { MINE: 'declared' } };
  const entrypoint = 'echo "$MINE|$CONDA_PREFIX|$CONDA_DEFAULT_ENV|$PATH"';
  const first = await submit(server.url, { entrypoint, runtime_env: { working_dir: '/tmp', conda: described } });
  expect((await ended(server.url, first)).status).toBe('SUCCEEDED');
  const [mine, prefix, name, path] = (await logs(server.url, first)).trim().split('|');
  expect([mine, name]).toEqual(['declared', prefix]);
  expect(path).toMatch(new RegExp(`^${prefix}/bin:/`));

  const torch = await conda.addEnvironment('torch', { 'bin/where': '#!/bin/sh\necho in torch\n' });
  const second = await submit(server.url, {
    entrypoint: 'where',
    runtime_env: { working_dir: '/tmp', conda: 'torch' },
  });
  expect((await ended(server.url, second)).status).toBe('SUCCEEDED');
  expect(await logs(server.url, second)).toBe('in torch\n');
  expect(torch).toContain('/envs/torch');
});

it('without conda the native API refuses, and other doors let the job fail; both say why', async () => {
  const reason = "needs conda, mamba or micromamba: there is no program '/no/conda' that the server can execute";
  const runtimeEnv = { conda: { dependencies: ['python'] } };
  const refused = await postJson(`${without.url}/api/v1/jobs`, { entrypoint: 'true', runtime_env: runtimeEnv });
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({
    code: 'INVALID_ENVIRONMENT',
    detail: expect.stringContaining(`runtime_env.conda ${reason}`),
  });
  const id = await submit(without.url, { entrypoint: 'true', runtime_env: { working_dir: '/tmp', ...runtimeEnv } });
  expect(await ended(without.url, id)).toMatchObject({ status: 'FAILED' });
  const job = await (await fetch(`${without.url}/api/v1/jobs/${id}`)).json();
  expect(job.end).toMatchObject({ code: 'ENVIRONMENT_FAILED', message: expect.stringContaining(reason) });
  expect(without.log()).toContain('jobs that ask for conda will fail');
});
