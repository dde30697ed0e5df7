import { expect, test } from 'vitest';
import type { Job } from '../../../src/job/job.ts';
import type { JobFilter, JobPage, JobStore } from '../../../src/store/store.ts';
import { ended, FAILURE, sampleJob } from '../sample-jobs.ts';
import { behind } from './behind.ts';
import { type OpenStore, storesOf } from './open-store.ts';

export function describePages(open: OpenStore): void {
  const openStore = storesOf(open);

  test('an empty store has one empty page', async () => {
    const store = await openStore();
    expect(await store.list({ filter: {}, limit: 10 })).toEqual({ jobs: [], next: null });
  });

  test('jobs come newest first, and the last page says that it is', async () => {
    const store = await openStore();
    const ids = await insertMany(store, 10);
    const first = await store.list({ filter: {}, limit: 6 });
    expect(first.jobs.map(({ id }) => id)).toEqual(ids.slice(4).reverse());
    expect(first.next).toEqual({ key: 'submitted_at', seq: first.jobs[5]?.seq });
    const second = await store.list({ filter: {}, limit: 4, ...behind(first) });
    expect(second.jobs.map(({ id }) => id)).toEqual(ids.slice(0, 4).reverse());
    expect(second.next).toBeNull();
  });

  test.each([1, 7, 100, 999])('pages of %i put together are the whole list', async (limit) => {
    const store = await openStore();
    const ids = await insertMany(store, 300);
    await Promise.all(ids.filter((_, index) => index % 3 === 0).map((id) => store.apply(id, ended(null, FAILURE))));
    const pending = ids.filter((_, index) => index % 3 !== 0);
    expect(await allPages(store, {}, limit)).toEqual([...ids].reverse());
    expect(await allPages(store, { statuses: ['PENDING'] }, limit)).toEqual([...pending].reverse());
    expect(await allPages(store, { statuses: ['FAILED', 'PENDING'] }, limit)).toEqual([...ids].reverse());
    expect(await allPages(store, { text: '-11' }, limit)).toEqual(ids.filter((id) => id.includes('-11')).reverse());
  });

  test('jobs that come while somebody pages do not disturb', async () => {
    const store = await openStore();
    const ids = await insertMany(store, 50);
    const seen: string[] = [];
    let last: JobPage | null = null;
    for (let page = 0; last === null || last.next !== null; page++) {
      const [next]: [JobPage, unknown] = await Promise.all([
        store.list({ filter: {}, limit: 8, ...behind(last) }),
        store.insert(sampleJob(`late-${page}`)),
      ]);
      seen.push(...next.jobs.map(({ id }) => id));
      last = next;
    }
    expect(seen.filter((id) => !id.startsWith('late-'))).toEqual([...ids].reverse());
    expect(new Set(seen).size).toBe(seen.length);
  });

  test('a long search shows every job that matches all the time once, while others change', async () => {
    const store = await openStore();
    const ids = await insertMany(store, 3000);
    const search = store.list({ filter: { text: 'PYTHON', statuses: ['PENDING', 'FAILED'] }, limit: 5000 });
    const changes = ids.filter((_, index) => index % 10 === 0).map((id) => store.apply(id, ended(null, FAILURE)));
    const { jobs, next } = await search;
    await Promise.all(changes);
    expect(jobs.map(({ id }) => id)).toEqual([...ids].reverse());
    expect(next).toBeNull();
  });
}

async function insertMany(store: JobStore, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `job-${index}`);
  await Promise.all(ids.map((id) => store.insert(sampleJob(id))));
  return ids;
}

async function allPages(store: JobStore, filter: JobFilter, limit: number): Promise<string[]> {
  const jobs: Job[] = [];
  let page: JobPage | null = null;
  do {
    page = await store.list({ filter, limit, ...behind(page) });
    expect(page.jobs.length).toBeLessThanOrEqual(limit);
    jobs.push(...page.jobs);
    if (page.next !== null) expect(page.jobs.length).toBe(limit);
  } while (page.next !== null);
  return jobs.map(({ id }) => id);
}
