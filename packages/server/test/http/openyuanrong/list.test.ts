import { expect, test } from 'vitest';
import { startServer, submitted, type TestServer } from '../harness.ts';

async function idsAt(url: string): Promise<string[]> {
  const response = await fetch(url);
  expect(response.status).toBe(200);
  const jobs: { submission_id: string }[] = await response.json();
  return jobs.map((job) => job.submission_id);
}

async function withJobs(count: number): Promise<TestServer> {
  const server = await startServer();
  for (let index = 1; index <= count; index += 1) {
    await submitted(server.service, { id: `app-${index}`, metadata: { part: String(index % 2) } });
  }
  return server;
}

test('no jobs are an empty array', async () => {
  const { url } = await startServer();
  const response = await fetch(`${url}/api/jobs/`);
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(await response.text()).toBe('[]');
});

test('the newest comes first, as the same details that a GET gives', async () => {
  const { url } = await withJobs(3);
  expect(await idsAt(`${url}/api/jobs`)).toEqual(['app-3', 'app-2', 'app-1']);
  const [newest] = await (await fetch(`${url}/api/jobs?limit=1`)).json();
  expect(newest).toEqual(await (await fetch(`${url}/api/jobs/app-3`)).json());
});

test('pages are linked, keep the filter, and end', async () => {
  const { url } = await withJobs(5);
  const seen: string[][] = [];
  let next: string | undefined = '/api/jobs?limit=2&metadata.part=1';
  while (next !== undefined) {
    const response: Response = await fetch(`${url}${next}`);
    const jobs: { submission_id: string }[] = await response.json();
    seen.push(jobs.map((job) => job.submission_id));
    const link = response.headers.get('link');
    next = link === null ? undefined : /^<([^>]+)>; rel="next"$/.exec(link)?.[1];
  }
  expect(seen).toEqual([['app-5', 'app-3'], ['app-1']]);
});

test('status, time and text narrow the list', async () => {
  const { url, service } = await withJobs(4);
  service.start('app-1');
  service.start('app-2');
  service.end('app-2');
  expect(await idsAt(`${url}/api/jobs?status=RUNNING`)).toEqual(['app-1']);
  expect(await idsAt(`${url}/api/jobs?status=RUNNING&status=SUCCEEDED`)).toEqual(['app-2', 'app-1']);
  expect(await idsAt(`${url}/api/jobs?q=PP-3`)).toEqual(['app-3']);
  expect(await idsAt(`${url}/api/jobs?submitted_before=2001-01-01T00:00:00Z`)).toEqual([]);
  expect(await idsAt(`${url}/api/jobs?submitted_after=978307200000&limit=10`)).toHaveLength(4);
  expect(await idsAt(`${url}/api/jobs?submitted_after=2001-01-01T00:00:00+02:00`)).toHaveLength(4);
});

test.each([
  ['limit=0', 'limit'],
  ['limit=1001', 'limit'],
  ['limit=ten', 'limit'],
  ['limit=1&limit=2', 'limit'],
  ['status=DONE', 'status'],
  ['submitted_after=yesterday', 'submitted_after'],
  ['submitted_before=2026-02-30T00:00:00Z', 'submitted_before'],
  ['cursor=abc', 'cursor'],
  ['cursor=', 'cursor'],
  ['metadata.a=1&metadata.a=2', 'metadata.a'],
])('%s is refused by name', async (query, name) => {
  const { url } = await startServer();
  const response = await fetch(`${url}/api/jobs?${query}`);
  expect(response.status).toBe(400);
  expect(response.headers.get('x-error-code')).toBe('INVALID_QUERY');
  expect(await response.json()).toContain(`query parameter '${name}'`);
});

test.each([
  ['metadata.', (index: number) => `metadata.key${index}=x`],
  ['status', () => 'status=RUNNING'],
])('%s is taken 16 times, and refused beyond that', async (name, pair) => {
  const { url, service } = await startServer();
  const queryOf = (count: number) => Array.from({ length: count }, (_, index) => pair(index)).join('&');
  expect((await fetch(`${url}/api/jobs?${queryOf(16)}`)).status).toBe(200);
  for (const door of ['/api/jobs', '/api/v1/jobs']) {
    const response = await fetch(`${url}${door}?${queryOf(17)}`);
    expect(response.status).toBe(400);
    expect(await response.text()).toMatch(new RegExp(`query parameter '${name}.*at most 16 times`));
  }
  expect(service.listed).toHaveLength(1);
});

test('the order is always newest first, also where another is asked for', async () => {
  const { url, service } = await withJobs(3);
  expect(await idsAt(`${url}/api/jobs?sort=id`)).toEqual(['app-3', 'app-2', 'app-1']);
  expect(service.listed[0]).not.toHaveProperty('sort');
});

test('a cursor in which one character was changed is refused', async () => {
  const { url } = await withJobs(3);
  const link = (await fetch(`${url}/api/jobs?limit=1`)).headers.get('link') ?? '';
  const cursor = /cursor=([\w-]+)/.exec(link)?.[1] ?? '';
  expect(await idsAt(`${url}/api/jobs?cursor=${cursor}`)).toEqual(['app-2', 'app-1']);
  for (let index = 0; index < cursor.length; index += 1) {
    const damaged = `${cursor.slice(0, index)}${cursor[index] === 'A' ? 'B' : 'A'}${cursor.slice(index + 1)}`;
    expect((await fetch(`${url}/api/jobs?cursor=${damaged}`)).status).toBe(400);
  }
});
