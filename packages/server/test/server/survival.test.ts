import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { details, ended, eventually, isAlive, logs, running, stop, submit } from './job-api.ts';
import { useServer } from './use-server.ts';

const server = useServer();

beforeEach(() => server.start());

/** A driver that goes on when a file appears, so that a test decides how long it runs. */
const untilFile = (name: string, then: string) => `until [ -e ${name} ]; do sleep 0.05; done; ${then}`;

describe('a server that is killed', () => {
  it('leaves the driver running, and the next server reports its true end and whole output', async () => {
    const runtime_env = { working_dir: server.directory };
    const id = await submit(server.url, {
      entrypoint: `echo before; ${untilFile('go', 'echo after; exit 7')}`,
      runtime_env,
    });
    const before = await running(server.url, id);
    await eventually('the driver has written', async () => (await logs(server.url, id)).includes('before'));
    await server.kill();
    expect(isAlive(Number(before.driver_info.pid))).toBe(true);

    await server.start();
    expect(await details(server.url, id)).toEqual(before);
    await writeFile(join(server.directory, 'go'), '');
    expect(await ended(server.url, id)).toMatchObject({ status: 'FAILED', driver_exit_code: 7 });
    expect(await logs(server.url, id)).toBe('before\nafter\n');
  });

  it('finds the end of a driver that ended while no server ran', async () => {
    const runtime_env = { working_dir: server.directory };
    const id = await submit(server.url, { entrypoint: untilFile('go', 'echo done > result; exit 0'), runtime_env });
    const { driver_info } = await running(server.url, id);
    await server.kill();
    await writeFile(join(server.directory, 'go'), '');
    await eventually('the driver ended', async () => !isAlive(Number(driver_info.pid)));
    expect(await readFile(join(server.directory, 'result'), 'utf8')).toBe('done\n');

    await server.start();
    expect(await ended(server.url, id)).toMatchObject({ status: 'SUCCEEDED', driver_exit_code: 0 });
  });

  it('carries on a stop that was answered', async () => {
    const id = await submit(server.url, { entrypoint: 'trap "" TERM; echo ready; while :; do sleep 0.1; done' });
    await eventually('the driver is ready', async () => (await logs(server.url, id)).includes('ready'));
    expect(await stop(server.url, id)).toBe(true);
    await server.kill();

    await server.start();
    const job = await ended(server.url, id);
    expect(job).toMatchObject({ status: 'STOPPED', error_type: 'the job was manually stopped' });
    expect(isAlive(Number(job.driver_info.pid))).toBe(false);
  });

  it('keeps jobs that wait, and their order', async () => {
    await server.stop();
    await server.start(['--max-running', '1']);
    const first = await submit(server.url, {
      entrypoint: untilFile('go', 'true'),
      runtime_env: { working_dir: server.directory },
    });
    await running(server.url, first);
    const waiting = [];
    for (let index = 0; index < 5; index += 1) waiting.push(await submit(server.url, { entrypoint: 'true' }));
    await server.kill();

    await writeFile(join(server.directory, 'go'), '');
    await server.start(['--max-running', '1']);
    const jobs = [];
    for (const id of waiting) jobs.push(await ended(server.url, id));
    expect(jobs.map(({ status }) => status)).toEqual(Array(5).fill('SUCCEEDED'));
    const starts = jobs.map(({ start_time }) => Number(start_time));
    expect(starts).toEqual([...starts].sort((left, right) => left - right));
  });
});

describe('a supervisor that is killed', () => {
  it('makes the job lost, and only when the driver is gone too', async () => {
    const id = await submit(server.url, {
      entrypoint: untilFile('go', 'true'),
      runtime_env: { working_dir: server.directory },
    });
    const { driver_info } = await running(server.url, id);
    const status = await readFile(`/proc/${driver_info.pid}/status`, 'utf8');
    process.kill(Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]), 'SIGKILL');
    expect(await details(server.url, id)).toMatchObject({ status: 'RUNNING' });
    await writeFile(join(server.directory, 'go'), '');
    const job = await ended(server.url, id);
    expect(job).toMatchObject({ status: 'FAILED', driver_exit_code: -1 });
    expect(job.error_type).toMatch(/^DRIVER_LOST:/);
  });
});

describe('two servers', () => {
  it('never share a data directory', async () => {
    await expect(server.start()).rejects.toThrow(new RegExp(`in use by another drover.*${server.pid}`));
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });
});

describe('SIGTERM', () => {
  it('ends the server within seconds and leaves drivers alone', async () => {
    const id = await submit(server.url, {
      entrypoint: untilFile('go', 'exit 3'),
      runtime_env: { working_dir: server.directory },
    });
    const { driver_info } = await running(server.url, id);
    expect(await server.stop()).toBe(0);
    expect(isAlive(Number(driver_info.pid))).toBe(true);
    await writeFile(join(server.directory, 'go'), '');
    await server.start();
    expect(await ended(server.url, id)).toMatchObject({ status: 'FAILED', driver_exit_code: 3 });
  });
});
