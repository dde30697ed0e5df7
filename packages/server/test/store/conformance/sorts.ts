import { expect, test } from 'vitest';
import { JOB_SORTS, type JobSort } from '../../../src/store/job-sort.ts';
import type { JobFilter, JobPage, JobStore } from '../../../src/store/store.ts';
import { ended, FAILURE, handOver, STOP, SUCCESS, sampleJob } from '../sample-jobs.ts';
import { isBehind, sortJobs } from '../sorted-jobs.ts';
import { behind } from './behind.ts';
import { type OpenStore, storesOf } from './open-store.ts';

export function describeSorts(open: OpenStore): void {
  const openStore = storesOf(open);

  test('by the order of submits, by the end, and by the id', async () => {
    const store = await openStore();
    for (const id of ['c', 'a', 'B', 'd']) await store.insert(sampleJob(id));
    await store.apply('B', ended(null, STOP, { atMs: 300 }));
    await store.apply('c', ended(null, STOP, { atMs: 100 }));
    await store.apply('d', ended(null, STOP, { atMs: 200 }));
    expect(await sorted(store, 'submitted_at')).toEqual(['c', 'a', 'B', 'd']);
    expect(await sorted(store, '-submitted_at')).toEqual(['d', 'B', 'a', 'c']);
    expect(await sorted(store, 'ended_at')).toEqual(['c', 'd', 'B']);
    expect(await sorted(store, '-ended_at')).toEqual(['B', 'd', 'c']);
    expect(await sorted(store, 'id')).toEqual(['B', 'a', 'c', 'd']);
    expect(await sorted(store, '-id')).toEqual(['d', 'c', 'a', 'B']);
  });

  test('jobs that have not ended have no place in the order of ends, whatever is asked for', async () => {
    const store = await openStore();
    for (const id of ['waiting', 'running', 'over']) await store.insert(sampleJob(id));
    await store.apply('running', handOver('attempt'));
    await store.apply('over', ended(null, FAILURE));
    expect(await sorted(store, 'ended_at', { statuses: ['PENDING', 'FAILED'] })).toEqual(['over']);
    expect(await sorted(store, 'ended_at', { statuses: ['PENDING'] })).toEqual([]);
    expect(await sorted(store, '-ended_at', { statuses: ['PENDING', 'RUNNING'] })).toEqual([]);
  });

  test('the clock of a submit does not matter, and jobs that ended at the same time keep the order of their submits', async () => {
    const store = await openStore();
    for (const [index, id] of ['x', 'y', 'z'].entries()) {
      await store.insert(sampleJob(id, { submittedAtMs: 1000 - index }));
      await store.apply(id, ended(null, STOP, { atMs: 5000 }));
    }
    expect(await sorted(store, 'submitted_at')).toEqual(['x', 'y', 'z']);
    expect(await sorted(store, 'ended_at')).toEqual(['x', 'y', 'z']);
    expect(await sorted(store, '-ended_at')).toEqual(['z', 'y', 'x']);
  });

  test.each(JOB_SORTS)('%s: pages put together are the whole list, whatever it is narrowed by', async (sort) => {
    const store = await openStore();
    const jobs = await insertMixed(store, 1200);
    const filters: [JobFilter, (id: number) => boolean][] = [
      [{}, () => true],
      [{ tenant: 'rare' }, (index) => index % 100 === 7],
      [{ metadata: { third: 'yes' } }, (index) => index % 3 === 0],
      [{ text: 'NEEDLE' }, (index) => index % 250 === 0],
      [{ text: 'python' }, () => true],
      [{ statuses: ['SUCCEEDED'], text: '-11' }, (index) => index % 2 === 1 && `job-${index * 7919}`.includes('-11')],
      [{ statuses: ['FAILED', 'STOPPED'] }, () => false],
    ];
    for (const [filter, isWanted] of filters) {
      const wanted = sortJobs(jobs, sort).filter(({ seq }) => isWanted(jobs.findIndex((job) => job.seq === seq)));
      for (const limit of [37, 1000]) {
        expect(await allPages(store, sort, filter, limit)).toEqual(wanted.map(({ id }) => id));
      }
    }
  });

  test.each(JOB_SORTS)('%s: a page says where the next one begins, and the last one that it is', async (sort) => {
    const store = await openStore();
    const jobs = sortJobs(await insertMixed(store, 20), sort);
    const { jobs: page, next } = await store.list({ filter: {}, sort, limit: 4 });
    if (next === null) throw new Error('there is no next page');
    expect(jobs.filter((job) => !isBehind(job, next, sort)).map(({ id }) => id)).toEqual(page.map(({ id }) => id));
    expect((await store.list({ filter: {}, sort, limit: jobs.length })).next).toBeNull();
    expect((await store.list({ filter: {}, sort, limit: jobs.length - 1 })).next).not.toBeNull();
  });

  test.each(JOB_SORTS)('%s: jobs that come, end and go while somebody pages disturb no other', async (sort) => {
    const store = await openStore();
    const jobs = sortJobs(await insertMixed(store, 60), sort);
    const seen: string[] = [];
    let page: JobPage | null = null;
    do {
      page = await store.list({ filter: {}, sort, limit: 4, ...behind(page) });
      seen.push(...page.jobs.map(({ id }) => id));
      const last = page.jobs.at(-1);
      if (last?.endedAtMs != null) await store.remove(last.id);
      await store.insert(sampleJob(`late-${seen.length}`));
    } while (page.next !== null);
    expect(seen.filter((id) => !id.startsWith('late-'))).toEqual(jobs.map(({ id }) => id));
  });

  test('a place of another sort is a mistake', async () => {
    const store = await openStore();
    const query = { filter: {}, limit: 1, after: { key: 'submitted_at', seq: 5 } } as const;
    await expect(store.list({ ...query, sort: 'id' })).rejects.toThrow('a place by submitted_at is none by id');
  });
}

async function sorted(store: JobStore, sort: JobSort, filter: JobFilter = {}): Promise<string[]> {
  return (await store.list({ filter, sort, limit: 100 })).jobs.map(({ id }) => id);
}

/** Every second job has ended, several at the same time; ids are in another order than the submits. */
async function insertMixed(store: JobStore, count: number) {
  const indexes = Array.from({ length: count }, (_, index) => index);
  const ids = indexes.map((index) => `job-${index * 7919}`);
  await Promise.all(
    indexes.map((index) =>
      store.insert(
        sampleJob(ids[index] ?? '', {
          tenant: index % 100 === 7 ? 'rare' : 'default',
          spec: {
            entrypoint: index % 250 === 0 ? 'python needle.py' : 'python main.py',
            metadata: index % 3 === 0 ? { third: 'yes' } : {},
          },
        }),
      ),
    ),
  );
  const ending = indexes.filter((index) => index % 2 === 1);
  await Promise.all(ending.map((index) => store.apply(ids[index] ?? '', handOver(`attempt-${index}`))));
  await Promise.all(
    ending.map((index) =>
      store.apply(ids[index] ?? '', ended(`attempt-${index}`, SUCCESS, { atMs: (index * 31) % 97 })),
    ),
  );
  const jobs = await Promise.all(ids.map((id) => store.get(id)));
  return jobs.filter((job) => job !== null);
}

async function allPages(store: JobStore, sort: JobSort, filter: JobFilter, limit: number): Promise<string[]> {
  const ids: string[] = [];
  let page: JobPage | null = null;
  do {
    page = await store.list({ filter, sort, limit, ...behind(page) });
    expect(page.jobs.length).toBeLessThanOrEqual(limit);
    ids.push(...page.jobs.map(({ id }) => id));
  } while (page.next !== null);
  return ids;
}
