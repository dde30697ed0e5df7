import { expect, test } from 'vitest';
import { ended, FAILURE, handOver, sampleJob, started } from '../sample-jobs.ts';
import { type OpenStore, storesOf } from './open-store.ts';

export function describeHistory(open: OpenStore): void {
  const openStore = storesOf(open);

  test('every change is one event, with the revision that it made', async () => {
    const store = await openStore();
    await store.insert(sampleJob('job', { submittedAtMs: 42 }));
    const changes = [
      handOver('a1'),
      { type: 'withdraw', atMs: 50, attemptId: 'a1', reason: 'no shell' } as const,
      handOver('a2'),
      started('a2'),
      ended('a2', FAILURE),
    ];
    const told = [];
    for (const change of changes) {
      const result = await store.apply('job', change);
      if (result?.outcome === 'changed') told.push(result.event);
    }
    const [submitted, ...rest] = await store.events('job', 0, 100);
    expect(submitted).toMatchObject({ jobId: 'job', type: 'submitted', atMs: 42, revision: 1 });
    expect(rest).toEqual(told);
    expect(rest.map(({ type }) => type)).toEqual(['handed_over', 'withdrawn', 'handed_over', 'started', 'ended']);
    expect(rest.map(({ revision }) => revision)).toEqual([2, 3, 4, 5, 6]);
    expect(rest[1]).toMatchObject({ atMs: 50, detail: { attempt: 'a1', reason: 'no shell' } });
    expect((await store.get('job'))?.revision).toBe(6);
  });

  test('ids ascend over all jobs, and are not used again after a removal', async () => {
    const store = await openStore();
    await store.insert(sampleJob('one'));
    await store.insert(sampleJob('two'));
    await store.apply('one', handOver('a1'));
    await store.apply('two', ended(null, FAILURE));
    const one = await store.events('one', 0, 10);
    const two = await store.events('two', 0, 10);
    const ids = [one[0], two[0], one[1], two[1]].map((event) => event?.id ?? 0);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    expect(new Set(ids).size).toBe(4);
    expect(Math.min(...ids)).toBeGreaterThan(0);

    await store.remove('two');
    await store.insert(sampleJob('three'));
    const [first] = await store.events('three', 0, 10);
    expect(first?.id).toBeGreaterThan(Math.max(...ids));
  });

  test('the history of all jobs is in the order of the commits, with whose they are', async () => {
    const store = await openStore();
    expect(await store.eventBounds()).toEqual({ oldestId: 1, newestId: 0 });
    await store.insert(sampleJob('one'));
    await store.insert(sampleJob('two', { tenant: 'b' }));
    await store.apply('one', handOver('a1'));
    await store.apply('two', ended(null, FAILURE));
    const all = await store.allEvents(0, 10);
    expect(all.map(({ jobId, tenant, type }) => [jobId, tenant, type])).toEqual([
      ['one', 'default', 'submitted'],
      ['two', 'b', 'submitted'],
      ['one', 'default', 'handed_over'],
      ['two', 'b', 'ended'],
    ]);
    const [first] = await store.events('one', 0, 1);
    expect(all[0]).toEqual({ ...first, tenant: 'default' });
    expect(await store.allEvents(all[0]?.id ?? 0, 2)).toEqual(all.slice(1, 3));
    expect(await store.allEvents(all[3]?.id ?? 0, 2)).toEqual([]);
    expect(await store.eventBounds()).toEqual({ oldestId: all[0]?.id, newestId: all[3]?.id });
  });

  test('the oldest kept event moves with the removal of its job, the newest id never goes back', async () => {
    const store = await openStore();
    for (const id of ['one', 'two']) {
      await store.insert(sampleJob(id));
      await store.apply(id, ended(null, FAILURE));
    }
    const all = await store.allEvents(0, 10);
    await store.remove('one');
    expect(await store.allEvents(0, 10)).toEqual(all.slice(2));
    expect(await store.eventBounds()).toEqual({ oldestId: all[2]?.id, newestId: all[3]?.id });
    await store.remove('two');
    const newestId = all[3]?.id ?? 0;
    expect(await store.eventBounds()).toEqual({ oldestId: newestId + 1, newestId });
  });

  test('it is read in pages, from above an id', async () => {
    const store = await openStore();
    await store.insert(sampleJob('job'));
    await store.apply('job', handOver('a1'));
    await store.apply('job', started('a1'));
    await store.apply('job', ended('a1', FAILURE));
    const all = await store.events('job', 0, 100);
    expect(all).toHaveLength(4);
    const page = await store.events('job', 0, 3);
    expect(page).toEqual(all.slice(0, 3));
    expect(await store.events('job', page[2]?.id ?? 0, 3)).toEqual(all.slice(3));
    expect(await store.events('job', all[3]?.id ?? 0, 3)).toEqual([]);
    expect(await store.events('unknown', 0, 3)).toEqual([]);
  });
}
