import { describe, expect, it } from 'vitest';
import { postJson, startServer, submitted } from '../harness.ts';

async function start() {
  const server = await startServer();
  const jobs = `${server.url}/ray/api/jobs`;
  const call = async (method: string, path: string) => {
    const answer = await fetch(`${jobs}${path}`, { method });
    return [answer.status, await answer.text()];
  };
  const details = async (id: string) => (await fetch(`${jobs}/${encodeURIComponent(id)}`)).json();
  const submit = (body: object) => postJson(`${jobs}/`, body);
  return { ...server, jobs, call, details, submit };
}

const KEYS =
  'type job_id submission_id driver_info status entrypoint message error_type start_time end_time metadata runtime_env driver_agent_http_address driver_node_id driver_exit_code';

describe('JobDetails', () => {
  it('have exactly the fields of Ray in its order', async () => {
    const { submit, jobs, service } = await start();
    await submit({ entrypoint: 'ls', submission_id: 'a b', metadata: { k: 'v' }, runtime_env: { odd: [1] } });
    const text = await (await fetch(`${jobs}/a%20b`)).text();
    expect(Object.keys(JSON.parse(text)).join(' ')).toBe(KEYS);
    const job = await service.get('a b');
    expect(JSON.parse(text)).toEqual({
      ...{ type: 'SUBMISSION', job_id: null, submission_id: 'a b', driver_info: null, status: 'PENDING' },
      entrypoint: 'ls',
      message:
        'Job has not started yet. It may be waiting for the runtime environment to be set up. Why it waits: needs 2 gpus: 4 in all, 3 in use.',
      ...{ error_type: null, start_time: job?.submittedAtMs, end_time: null, metadata: { k: 'v' } },
      ...{ runtime_env: { odd: [1] }, driver_agent_http_address: null, driver_node_id: null, driver_exit_code: null },
    });
  });

  it('tell of resources that a job may wait for', async () => {
    const { submit, details } = await start();
    await submit({ entrypoint: 'ls', submission_id: 'r', entrypoint_num_cpus: 1 });
    expect((await details('r')).message).toContain('It may be waiting for resources (CPUs, GPUs, memory');
  });

  it.each([
    [0, { status: 'SUCCEEDED', message: 'Job finished successfully.', error_type: null, driver_exit_code: 0 }],
    [10, { status: 'FAILED', error_type: 'JOB_ENTRYPOINT_COMMAND_ERROR', driver_exit_code: 10 }],
    [137, { status: 'FAILED', error_type: 'JOB_ENTRYPOINT_COMMAND_ERROR', driver_exit_code: -9 }],
    [192, { driver_exit_code: -64 }],
    [193, { driver_exit_code: 193 }],
    [128, { driver_exit_code: 128 }],
  ] as const)('of a driver that ended with %i', async (exitCode, expected) => {
    const { service, details } = await start();
    await submitted(service, { id: 'j' });
    service.start('j');
    expect(await details('j')).toMatchObject({
      status: 'RUNNING',
      message: 'Job is currently running.',
      end_time: null,
    });
    service.end('j', exitCode === 0 ? {} : { status: 'FAILED', code: 'ENTRYPOINT_FAILED', message: 'x', exitCode });
    const found = await details('j');
    expect(found).toMatchObject(expected);
    expect(Number.isInteger(found.end_time) && found.end_time >= found.start_time).toBe(true);
  });

  it('have no exit code for a stopped job, even where its driver had one', async () => {
    const { service, details } = await start();
    await submitted(service, { id: 'j' });
    service.start('j');
    await service.stop('j');
    service.end('j', { exitCode: 0 });
    expect(await details('j')).toMatchObject({
      ...{ status: 'STOPPED', message: 'Job was intentionally stopped.', error_type: null, driver_exit_code: null },
    });
  });

  it.each([
    [
      'ENVIRONMENT_FAILED',
      'RUNTIME_ENV_SETUP_FAILURE',
      'runtime_env setup failed: Failed to set up runtime environment.\nwhy',
    ],
    ['DRIVER_LOST', 'JOB_SUPERVISOR_ACTOR_DIED', 'Job supervisor actor died: why'],
    ['UNSCHEDULABLE', 'JOB_SUPERVISOR_ACTOR_UNSCHEDULABLE', 'Job supervisor actor could not be scheduled: why'],
  ] as const)('of a job that ended with %s', async (code, errorType, message) => {
    const { service, details } = await start();
    await submitted(service, { id: 'j' });
    service.end('j', { status: 'FAILED', code, message: 'why', exitCode: null });
    expect(await details('j')).toMatchObject({
      ...{ status: 'FAILED', error_type: errorType, message, driver_exit_code: null, driver_node_id: null },
    });
  });

  it('quote the last ten lines of a failed command, at most 20,000 characters', async () => {
    const { service, details } = await start();
    for (const [id, output] of [
      ['lines', Array.from({ length: 30 }, (_, line) => `line ${line}\n`).join('')],
      ['long', `${'é'.repeat(300_000)}\n`],
      ['none', ''],
    ] as const) {
      await submitted(service, { id });
      service.start(id);
      service.output(id).append(output);
      service.end(id, { status: 'FAILED', code: 'ENTRYPOINT_FAILED', message: 'x', exitCode: 143 });
    }
    const begin =
      'Job entrypoint command failed with exit code -15, last available logs (truncated to 20,000 chars):\n';
    const tail = Array.from({ length: 10 }, (_, line) => `line ${line + 20}`).join('\n');
    expect((await details('lines')).message).toBe(begin + tail);
    expect((await details('long')).message).toBe(begin + 'é'.repeat(20_000));
    expect((await details('none')).message).toBe(
      'Job entrypoint command failed with exit code -15. No logs available.',
    );
  });
});

describe('the jobs of all doors', () => {
  it('are listed, newest first, however many there are', async () => {
    const { service, jobs } = await start();
    expect(await (await fetch(`${jobs}/`)).json()).toEqual([]);
    for (let number = 0; number < 450; number += 1) await submitted(service, { id: `j${number}` });
    const list = await (await fetch(`${jobs}/?status=nonsense`)).json();
    expect(list.map((job: { submission_id: string }) => job.submission_id)).toEqual(
      Array.from({ length: 450 }, (_, number) => `j${449 - number}`),
    );
  });

  it('are a 404 as text where there are none', async () => {
    const { call } = await start();
    for (const [method, path] of [
      ['GET', '/fake'],
      ['DELETE', '/fake'],
      ['POST', '/fake/stop'],
      ['GET', '/fake/logs'],
      ['GET', '/fake/logs/tail'],
    ] as const) {
      expect(await call(method, path)).toEqual([404, 'Job fake does not exist']);
    }
  });

  it('are stopped and deleted', async () => {
    const { service, call } = await start();
    await submitted(service, { id: 'j' });
    service.start('j');
    const live = "Attempted to delete job 'j', but it is in a non-terminal state RUNNING.";
    expect(await call('DELETE', '/j')).toEqual([500, live]);
    expect(await call('POST', '/j/stop')).toEqual([200, '{"stopped":true}']);
    service.end('j');
    expect(await call('POST', '/j/stop')).toEqual([200, '{"stopped":false}']);
    expect(await call('DELETE', '/j')).toEqual([200, '{"deleted":true}']);
    expect((await call('GET', '/j'))[0]).toBe(404);
  });
});
