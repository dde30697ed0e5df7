import { expect, test } from 'vitest';
import { startServer, submitted } from '../harness.ts';

async function tagOf(url: string, id: string): Promise<string> {
  return (await fetch(`${url}/api/jobs/${id}`)).headers.get('etag') ?? '';
}

test('a question with the tag of what is there is answered 304 without a body', async () => {
  const { url, service } = await startServer();
  const { id } = await submitted(service);
  const etag = await tagOf(url, id);
  expect(etag).toMatch(/^"[^"]+"$/);
  for (const header of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const response = await fetch(`${url}/api/jobs/${id}`, { headers: { 'if-none-match': header } });
    expect(response.status).toBe(304);
    expect(response.headers.get('etag')).toBe(etag);
    expect(await response.text()).toBe('');
  }
});

test('every change of the job changes the tag and the answer, at once', async () => {
  const { url, service } = await startServer();
  const { id } = await submitted(service);
  const tags = [await tagOf(url, id)];
  service.start(id);
  const response = await fetch(`${url}/api/jobs/${id}`, { headers: { 'if-none-match': tags[0] ?? '' } });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ status: 'RUNNING' });
  tags.push(response.headers.get('etag') ?? '');
  service.end(id);
  tags.push(await tagOf(url, id));
  expect(new Set(tags).size).toBe(3);
});

test('a job that comes after a deleted one of the same id has another tag and its own answer', async () => {
  const { url, service } = await startServer();
  await submitted(service, { id: 'app-x', entrypoint: 'first' });
  const before = await tagOf(url, 'app-x');
  await service.stop('app-x');
  service.end('app-x');
  await service.delete('app-x');
  expect((await fetch(`${url}/api/jobs/app-x`)).status).toBe(404);
  await submitted(service, { id: 'app-x', entrypoint: 'second' });
  const response = await fetch(`${url}/api/jobs/app-x`);
  expect(await response.json()).toMatchObject({ entrypoint: 'second' });
  expect(response.headers.get('etag')).not.toBe(before);
});

test('servers that show jobs differently give different tags', async () => {
  const tags = new Set<string>();
  for (const jobDetails of [
    { timeUnit: 'seconds', pipName: 'pip3.9' },
    { timeUnit: 'milliseconds', pipName: 'pip3.9' },
    { timeUnit: 'seconds', pipName: 'pip3.11' },
  ] as const) {
    const { url, service } = await startServer({ jobDetails });
    await submitted(service, { id: 'app-x' });
    tags.add(await tagOf(url, 'app-x'));
  }
  const other = await startServer({ nodeId: 'another-node' });
  await submitted(other.service, { id: 'app-x' });
  tags.add(await tagOf(other.url, 'app-x'));
  expect(tags.size).toBe(4);
});
