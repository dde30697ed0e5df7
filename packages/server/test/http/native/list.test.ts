import { expect, test } from 'vitest';
import { JOB_SORTS } from '../../../src/store/job-sort.ts';
import { createFakeService } from '../fake-service.ts';
import { postJson, startServer, submitted } from '../harness.ts';

interface Page {
  jobs: { id: string }[];
  next_cursor: string | null;
}

test('pages follow one another by their cursor, newest first', async () => {
  const { url, service } = await startServer();
  for (let index = 1; index <= 5; index += 1) await submitted(service, { id: `app-${index}` });
  const seen: string[][] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page: Page = await (await fetch(`${url}/api/v1/jobs?limit=2${query}`)).json();
    seen.push(page.jobs.map((job) => job.id));
    cursor = page.next_cursor;
  }
  expect(seen).toEqual([['app-5', 'app-4'], ['app-3', 'app-2'], ['app-1']]);
});

test('a page holds 100 jobs unless told otherwise, and 1000 at most', async () => {
  const { url, service } = await startServer();
  await fetch(`${url}/api/v1/jobs`);
  expect(service.listed[0]).toEqual({ filter: {}, sort: '-submitted_at', limit: 100 });
  expect((await fetch(`${url}/api/v1/jobs?limit=1000`)).status).toBe(200);
  expect((await fetch(`${url}/api/v1/jobs?limit=1001`)).status).toBe(400);
});

test('every filter reaches the service', async () => {
  const { url, service } = await startServer();
  const query = new URLSearchParams([
    ...[
      ['status', 'FAILED'],
      ['status', 'STOPPED'],
      ['metadata.owner', 'me'],
      ['metadata.a.b', ''],
      ['q', 'text'],
    ],
    ...[
      ['tenant', 'team-a'],
      ['submitted_after', '2026-11-23T08:00:00+02:00'],
      ['submitted_before', '1800000000000'],
    ],
  ]);
  await fetch(`${url}/api/v1/jobs?${query}`);
  expect(service.listed[0]?.filter).toEqual({
    ...{ statuses: ['FAILED', 'STOPPED'], metadata: { owner: 'me', 'a.b': '' }, text: 'text', tenant: 'team-a' },
    ...{ submittedAfterMs: Date.UTC(2026, 10, 23, 6), submittedBeforeMs: 1_800_000_000_000 },
  });
});

test.each([
  ['submitted_at', ['app-b', 'app-c', 'app-a']],
  ['-submitted_at', ['app-a', 'app-c', 'app-b']],
  ['ended_at', ['app-c', 'app-b']],
  ['-ended_at', ['app-b', 'app-c']],
  ['id', ['app-a', 'app-b', 'app-c']],
  ['-id', ['app-c', 'app-b', 'app-a']],
])('sort=%s: pages of one are the list, each behind the one before', async (sort, expected) => {
  let nowMs = 1_800_000_000_000;
  const service = createFakeService(() => ++nowMs);
  const { url } = await startServer({ service });
  for (const id of ['app-b', 'app-c', 'app-a']) await submitted(service, { id });
  service.end('app-c', { status: 'STOPPED', code: 'STOPPED', exitCode: null });
  service.end('app-b', { status: 'STOPPED', code: 'STOPPED', exitCode: null });
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page: Page = await (await fetch(`${url}/api/v1/jobs?limit=1&sort=${sort}${query}`)).json();
    seen.push(...page.jobs.map((job) => job.id));
    cursor = page.next_cursor;
  }
  expect(seen).toEqual(expected);
});

test('a cursor is good for lists of its own sort, and only as it was given', async () => {
  const { url, service } = await startServer();
  for (const id of ['app-1', 'app-2', 'app-3']) await submitted(service, { id });
  service.end('app-1');
  service.end('app-2');
  const get = (query: string) => fetch(`${url}/api/v1/jobs?limit=1&${query}`);
  for (const sort of JOB_SORTS) {
    const { next_cursor }: Page = await (await get(`sort=${sort}`)).json();
    for (const other of JOB_SORTS) {
      const answer = await get(`sort=${other}&cursor=${next_cursor}`);
      expect(answer.status).toBe(other === sort ? 200 : 400);
      if (other !== sort) expect(await answer.json()).toMatchObject({ code: 'INVALID_QUERY' });
    }
    const forged = Buffer.from(next_cursor ?? '', 'base64url');
    forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
    expect((await get(`sort=${sort}&cursor=${forged.toString('base64url')}`)).status).toBe(400);
  }
});

test.each(['cursor=xyz', 'state=RUNNING', 'limit=-1', 'status=running', 'sort=status', 'sort=-', 'sort='])(
  '%s is refused by name',
  async (query) => {
    const { url } = await startServer();
    const response = await fetch(`${url}/api/v1/jobs?${query}`);
    expect(response.status).toBe(400);
    const name = query.split('=')[0];
    expect(await response.json()).toMatchObject({
      code: 'INVALID_QUERY',
      detail: expect.stringContaining(`'${name}'`),
    });
  },
);

test('jobs of every door are in one list, with their own ids', async () => {
  const { url, service } = await startServer();
  await submitted(service, { id: 'app-x' });
  await postJson(`${url}/api/v1/jobs`, { entrypoint: 'true', id: 'mine' });
  const page: Page = await (await fetch(`${url}/api/v1/jobs`)).json();
  expect(page.jobs.map((job) => job.id)).toEqual(['mine', 'app-x']);
  const details: { submission_id: string }[] = await (await fetch(`${url}/api/jobs`)).json();
  expect(details.map((job) => job.submission_id)).toEqual(['mine', 'app-x']);
});
