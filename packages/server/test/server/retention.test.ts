import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { details, ended, eventually, logs, submit } from './job-api.ts';
import { useServer } from './use-server.ts';

const server = useServer();

const folders = async () => (await readdir(join(server.dataDir, 'attempts'))).filter((name) => name.startsWith('att-'));

async function runJobs(count: number, entrypoint = 'echo x'): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const id = await submit(server.url, { entrypoint });
    await ended(server.url, id);
    ids.push(id);
  }
  return ids;
}

const statusOf = async (id: string) => (await fetch(`${server.url}/api/jobs/${id}`)).status;

describe('retention', () => {
  it('removes the oldest finished jobs beyond the count, with their files, at the next start', async () => {
    await server.start();
    const ids = await runJobs(5);
    await server.stop();
    await server.start(['--retention-max-count', '2']);
    await eventually('the oldest are gone', async () => (await folders()).length === 2);
    expect(await Promise.all(ids.map(statusOf))).toEqual([404, 404, 404, 200, 200]);
    expect(await logs(server.url, ids[4] ?? '')).toBe('x\n');
  });

  it('removes the oldest until the logs are within their size', async () => {
    await server.start();
    const ids = await runJobs(4, 'head -c 100000 /dev/zero');
    await server.stop();
    await server.start(['--retention-max-log-size', '250kB']);
    await eventually('two are gone', async () => (await folders()).length === 2);
    expect(await Promise.all(ids.map(statusOf))).toEqual([404, 404, 200, 200]);
  });
});

describe('deleting a job', () => {
  it('removes its files, and lets who follows it read to the end', async () => {
    await server.start();
    const [id = ''] = await runJobs(1, 'head -c 3000000 /dev/zero');
    const following = await fetch(`${server.url}/api/jobs/${id}/logs?follow=true`);
    expect(await (await fetch(`${server.url}/api/jobs/${id}`, { method: 'DELETE' })).json()).toBe(true);
    expect((await following.arrayBuffer()).byteLength).toBe(3_000_000);
    await eventually('the folder is gone', async () => (await folders()).length === 0);
    expect(await statusOf(id)).toBe(404);
  });
});

describe('the cap of a log', () => {
  it('drops the front, keeps offsets, and says how much is gone', async () => {
    await server.start(['--log-max-size', '1MiB']);
    const id = await submit(server.url, {
      entrypoint:
        'i=0; while [ $i -lt 40 ]; do head -c 100000 /dev/zero | tr "\\0" x; i=$((i+1)); done; echo; : > written; until [ -e go ]; do sleep 0.1; done; echo end',
      runtime_env: { working_dir: server.directory },
    });
    const log = `${server.url}/api/v1/jobs/${id}/logs`;
    // The front is dropped while the driver writes, too: then it is not the last time.
    await eventually('all is written', async () => (await readdir(server.directory)).includes('written'));
    await eventually('the front is dropped', async () => {
      const { headers } = await fetch(log, { method: 'HEAD' });
      return 4_000_001 - Number(headers.get('drover-log-first-byte')) <= 2 ** 20;
    });
    const response = await fetch(log);
    const offset = Number(response.headers.get('drover-log-first-byte'));
    const kept = { offset, byteLength: (await response.arrayBuffer()).byteLength };
    expect(kept.offset).toBeGreaterThan(2_500_000);
    expect(kept.offset + kept.byteLength).toBe(4_000_001);
    const [attempt = ''] = await folders();
    const { blocks } = await stat(join(server.dataDir, 'attempts', attempt, 'output', 'log'));
    expect(blocks * 512).toBeLessThan(1_200_000);
    await fetch(`${server.url}/api/jobs/${id}/stop`, { method: 'POST' });
    expect((await ended(server.url, id)).status).toBe('STOPPED');
    expect((await details(server.url, id)).error_type).toBe('the job was manually stopped');
  });
});
