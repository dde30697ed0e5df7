import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { eventually } from './job-api.ts';
import { useServer } from './use-server.ts';

const server = useServer();

beforeEach(() => server.start());

interface NativeJob {
  id: string;
  status: string;
  end: { code: string; exit_code: number | null } | null;
  retries: { made: number; next_at: string | null };
  pending_reason: { code: string; message: string } | null;
}

async function api<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text === '' ? 'null' : text);
}

const submit = (fields: object): Promise<NativeJob> =>
  api('POST', '/jobs', { runtime_env: { working_dir: server.directory }, ...fields });
const get = (id: string): Promise<NativeJob> => api('GET', `/jobs/${id}`);
const ended = (id: string): Promise<NativeJob> => api('GET', `/jobs/${id}/wait?timeout=60`);

describe('a job that asked for retries', () => {
  it('goes on until it succeeds, across the death of the server, one driver per attempt', async () => {
    const { id } = await submit({
      entrypoint:
        'echo "try $DROVER_ATTEMPT_NUMBER"; echo "$DROVER_ATTEMPT_NUMBER" >> tries; [ "$DROVER_ATTEMPT_NUMBER" = 3 ]',
      max_retries: 5,
      retry_policy: { initial_delay_seconds: 0.5, multiplier: 1, jitter: 0 },
    });
    const waiting = await eventually('it waits to be tried again', async () => {
      const job = await get(id);
      return job.pending_reason?.code === 'RETRY_BACKOFF' && job;
    });
    expect(waiting.retries.next_at).not.toBeNull();
    await server.kill();
    await server.start();
    expect(await ended(id)).toMatchObject({ status: 'SUCCEEDED', retries: { made: 2, next_at: null } });
    expect(await readFile(join(server.directory, 'tries'), 'utf8')).toBe('1\n2\n3\n');
    const logOf = async (attempt: number) =>
      (await fetch(`${server.url}/api/v1/jobs/${id}/logs?attempt=${attempt}`)).text();
    expect(await Promise.all([1, 2, 3].map(logOf))).toEqual(['try 1\n', 'try 2\n', 'try 3\n']);
    expect(await logOf(4)).toContain('must be at most 3');
    const { attempts } = await api<{ attempts: object[] }>('GET', `/jobs/${id}/attempts`);
    expect(attempts).toMatchObject([
      { number: 1, end: { code: 'ENTRYPOINT_FAILED', exit_code: 1 } },
      { number: 2, end: { code: 'ENTRYPOINT_FAILED', exit_code: 1 } },
      { number: 3, end: { code: 'NONE', exit_code: 0 } },
    ]);
  });
});

describe('a time limit', () => {
  it('ends the driver with all it has started, also where it was reached while no server ran', async () => {
    const { id } = await submit({ entrypoint: 'sleep 300 & sleep 300', time_limit_seconds: 1, stop_grace_seconds: 60 });
    await eventually('it runs', async () => (await get(id)).status === 'RUNNING');
    await server.kill();
    await server.start();
    expect(await ended(id)).toMatchObject({ status: 'FAILED', end: { code: 'TIME_LIMIT', exit_code: 143 } });
  });
});

describe('a queue', () => {
  it('holds its jobs back while it is paused, also over a restart, and says so', async () => {
    await api('POST', '/queues', { name: 'train' });
    await api('POST', '/queues/train/pause');
    const { id } = await submit({ entrypoint: 'true', queue: 'train' });
    expect((await get(id)).pending_reason).toMatchObject({ code: 'QUEUE_PAUSED' });
    await server.kill();
    await server.start();
    expect((await get(id)).pending_reason).toMatchObject({ code: 'QUEUE_PAUSED' });
    await expect(api('DELETE', '/queues/train')).rejects.toThrow('QUEUE_NOT_EMPTY');
    await api('POST', '/queues/train/resume');
    expect(await ended(id)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('runs no more than its limit lets it, in the order of priority and submission', async () => {
    await api('POST', '/queues', { name: 'one', limits: { running: 1 } });
    await api('POST', '/queues/one/pause');
    const entrypoint = 'echo "$NAME" >> order';
    const named = (name: string, priority: number) =>
      submit({
        entrypoint,
        queue: 'one',
        priority,
        runtime_env: { working_dir: server.directory, env_vars: { NAME: name } },
      });
    const jobs = [await named('a', 0), await named('b', 0), await named('c', 5), await named('d', 0)];
    await writeFile(join(server.directory, 'order'), '');
    await api('POST', '/queues/one/resume');
    for (const { id } of jobs) expect(await ended(id)).toMatchObject({ status: 'SUCCEEDED' });
    expect(await readFile(join(server.directory, 'order'), 'utf8')).toBe('c\na\nb\nd\n');
  });
});

describe('a job with a life after its end', () => {
  it('is gone with its files when that is over', async () => {
    const { id } = await submit({ entrypoint: 'true', ttl_seconds_after_finished: 0.3 });
    await eventually('it is gone', async () => (await fetch(`${server.url}/api/v1/jobs/${id}`)).status === 404);
    await eventually('its files too', async () => {
      const names = await readdir(join(server.dataDir, 'attempts'));
      return names.every((name) => !name.startsWith('att-'));
    });
  });
});
