import { describe, expect, it } from 'vitest';
import { postJson, startServer } from '../harness.ts';

async function start() {
  const server = await startServer();
  const jobs = `${server.url}/ray/api/jobs/`;
  const submit = async (body: unknown) => {
    const answer = await postJson(jobs, body);
    return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
  };
  return { ...server, jobs, submit };
}

describe('POST /ray/api/jobs/', () => {
  it('answers with the id twice, and nothing else', async () => {
    const { submit, service } = await start();
    const answer = await submit({ entrypoint: 'ls', submission_id: 'j 1?' });
    expect(answer).toEqual({
      status: 200,
      type: 'application/json; charset=utf-8',
      text: '{"job_id":"j 1?","submission_id":"j 1?"}',
    });
    expect(await service.get('j 1?')).toMatchObject({ door: 'ray', spec: { entrypoint: 'ls', stopGraceMs: 3000 } });
  });

  it('takes everything that the client sends', async () => {
    const { submit, service } = await start();
    const { status } = await submit({
      ...{ entrypoint: '', job_id: 'old', submission_id: null, metadata: { a: 'b' } },
      runtime_env: { env_vars: { RAY_JOB_STOP_WAIT_TIME_S: '6', RAY_JOB_STOP_SIGNAL: 'SIGINT' }, _ray_commit: 'x' },
      ...{ entrypoint_num_cpus: 0.5, entrypoint_num_gpus: true, entrypoint_memory: 1024 },
      ...{ entrypoint_resources: { NPU: 2 }, entrypoint_label_selector: { zone: 'a' } },
    });
    expect(status).toBe(200);
    expect((await service.get('old'))?.spec).toEqual({
      entrypoint: '',
      runtimeEnv: {
        env_vars: { RAY_JOB_STOP_WAIT_TIME_S: '6', RAY_JOB_STOP_SIGNAL: 'SIGINT' },
        _ray_commit: 'x',
      },
      metadata: { a: 'b' },
      resources: { cpus: 0.5, gpus: 1, memoryBytes: 1024, custom: { NPU: 2 } },
      poolLabels: [],
      stopGraceMs: 6000,
      stopSignal: 'SIGINT',
    });
  });

  it('prefers the submission id to the old name of it', async () => {
    const { submit } = await start();
    expect((await submit({ entrypoint: 'ls', submission_id: 'new', job_id: 'old' })).text).toContain('"new"');
    expect((await submit({ entrypoint: 'ls', submission_id: '', job_id: 'old' })).text).toContain('"old"');
  });

  it('does not look at the type of the body', async () => {
    const { jobs } = await start();
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/json; charset=utf-8']) {
      const answer = await fetch(jobs, {
        method: 'POST',
        body: '{"entrypoint":"ls"}',
        headers: { 'content-type': type },
      });
      expect([type, answer.status]).toEqual([type, 200]);
    }
  });

  it('is there without the last slash too', async () => {
    const { url } = await start();
    expect((await postJson(`${url}/ray/api/jobs`, { entrypoint: 'ls' })).status).toBe(200);
  });

  it.each([
    [{}, "missing 1 required positional argument: 'entrypoint'"],
    [{ entrypoint: 1 }, "TypeError: entrypoint must be a string, got <class 'int'>"],
    [{ entrypoint: 'ls', key: 1 }, "__init__() got an unexpected keyword argument 'key'"],
    [{ entrypoint: 'ls', submission_id: 1.5 }, "submission_id must be a string if provided, got <class 'float'>"],
    [{ entrypoint: 'ls', runtime_env: 'x' }, "runtime_env must be a dict, got <class 'str'>"],
    [{ entrypoint: 'ls', metadata: [] }, "metadata must be a dict, got <class 'list'>"],
    [{ entrypoint: 'ls', metadata: { a: 1 } }, "metadata values must be strings, got <class 'int'>"],
    [{ entrypoint: 'ls', entrypoint_num_cpus: '1' }, "entrypoint_num_cpus must be a number, got <class 'str'>"],
    [{ entrypoint: 'ls', entrypoint_num_gpus: {} }, "entrypoint_num_gpus must be a number, got <class 'dict'>"],
    [{ entrypoint: 'ls', entrypoint_memory: 0.5 }, "entrypoint_memory must be an integer, got <class 'float'>"],
    [{ entrypoint: 'ls', entrypoint_resources: 1 }, 'entrypoint_resources must be a dict'],
    [
      { entrypoint: 'ls', entrypoint_resources: { a: null } },
      "entrypoint_resources values must be numbers, got <class 'NoneType'>",
    ],
    [
      { entrypoint: 'ls', entrypoint_label_selector: { a: true } },
      "entrypoint_label_selector values must be strings, got <class 'bool'>",
    ],
    [{ entrypoint: 'ls', entrypoint_num_cpus: -1 }, 'entrypoint_num_cpus must be at least 0'],
    [{ entrypoint: 'ls', runtime_env: { env_vars: { RAY_JOB_STOP_WAIT_TIME_S: 'soon' } } }, 'whole number of seconds'],
    [[], 'must be a JSON object'],
    ['{', 'expected JSON'],
    ['', 'expected JSON'],
  ])('refuses %j as text', async (body, tail) => {
    const { submit } = await start();
    const answer = await submit(body);
    expect(answer).toMatchObject({ status: 400, type: 'text/plain; charset=utf-8' });
    expect(answer.text).toContain(tail);
  });

  it.each(['a/b', '.', '..', 'a\nb', 'x'.repeat(256)])('refuses the id %j, which no path could name', async (id) => {
    const { submit } = await start();
    expect(await submit({ entrypoint: 'ls', submission_id: id })).toMatchObject({ status: 400 });
  });

  it('answers a duplicate with 500 and both sentences', async () => {
    const { submit } = await start();
    await submit({ entrypoint: 'ls', submission_id: 'twice' });
    expect(await submit({ entrypoint: 'ls', submission_id: 'twice' })).toEqual({
      status: 500,
      type: 'text/plain; charset=utf-8',
      text: 'Job with submission_id twice already exists. Please use a different submission_id.',
    });
  });

  it('refuses resources that the machine never has, and bodies beyond the limit', async () => {
    const { submit } = await start();
    expect(await submit({ entrypoint: 'ls', entrypoint_num_cpus: 4096 })).toMatchObject({ status: 400 });
    const large = await submit({ entrypoint: 'x'.repeat(70_000) });
    expect(large).toMatchObject({ status: 413, text: 'Maximum request body size 65536 exceeded.' });
  });
});
