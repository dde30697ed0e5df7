import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { craftZip } from '../environment/zip-bytes.ts';
import { ended, logs, submit } from './job-api.ts';
import { useServer } from './use-server.ts';

const server = useServer();

beforeEach(() => server.start());

function upload(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<Response> {
  return fetch(`${server.url}/api/v1/packages/${name}`, { method: 'PUT', body: bytes });
}

const ARCHIVE = new Uint8Array(craftZip([{ name: 'hello.txt', content: 'from the package\n' }]).bytes);
const READ = { entrypoint: 'cat hello.txt; echo changed > hello.txt', runtime_env: { working_dir: 'gcs://hello.zip' } };

it('runs jobs in copies of an uploaded archive, each its own, also after a restart', async () => {
  expect((await upload('hello.zip', ARCHIVE)).status).toBe(200);
  const first = await submit(server.url, READ);
  expect(await ended(server.url, first)).toMatchObject({ status: 'SUCCEEDED' });
  await server.stop();
  await server.start();
  const second = await submit(server.url, READ);
  expect(await ended(server.url, second)).toMatchObject({ status: 'SUCCEEDED' });
  expect([await logs(server.url, first), await logs(server.url, second)]).toEqual([
    'from the package\n',
    'from the package\n',
  ]);
});

it('fails a job whose package is not there, or has changed on disk, and says so', async () => {
  const missing = await ended(server.url, await submit(server.url, READ));
  expect(missing.error_type).toMatch(/^ENVIRONMENT_FAILED: gcs:\/\/hello\.zip is not on this server/);
  await upload('hello.zip', ARCHIVE);
  const contents = join(server.dataDir, 'packages', 'contents');
  for (const name of await readdir(contents)) await writeFile(join(contents, name), 'changed');
  const damaged = await ended(server.url, await submit(server.url, READ));
  expect(damaged.error_type).toMatch(/^ENVIRONMENT_FAILED: gcs:\/\/hello\.zip is not on this server/);
  expect(server.log()).toContain('had changed on disk');
  await upload('hello.zip', ARCHIVE);
  expect(await ended(server.url, await submit(server.url, READ))).toMatchObject({ status: 'SUCCEEDED' });
});

it('starts without what a killed server had received in part', async () => {
  const body = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(new Uint8Array(1000)) });
  const broken = fetch(`${server.url}/api/v1/packages/half.zip`, {
    method: 'PUT',
    body,
    ...{ duplex: 'half' },
  }).catch(() => null);
  const incoming = join(server.dataDir, 'packages', 'incoming');
  await expect.poll(() => readdir(incoming)).toHaveLength(1);
  await server.kill();
  await broken;
  await server.start();
  expect(await readdir(incoming)).toEqual([]);
  expect((await fetch(`${server.url}/api/v1/packages/half.zip`)).status).toBe(404);
});
