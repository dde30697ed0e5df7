import { expect, test } from 'vitest';
import { makeElement, newArrayState } from '../../../src/job/array.ts';
import type { Job } from '../../../src/job/job.ts';
import type { JobStore } from '../../../src/store/store.ts';
import { ended, FAILURE, handOver, requestStop, retry, SUCCESS, sampleJob, started } from '../sample-jobs.ts';
import { type OpenStore, storesOf } from './open-store.ts';

/** Arrays, and elements that are counted in them. */
export function describeArrays(open: OpenStore): void {
  const openStore = storesOf(open);

  async function withArray(size: number): Promise<{ store: JobStore; array: Job }> {
    const store = await openStore();
    const array = await store.insert(
      sampleJob('arr', { spec: { array: { size, maxRunning: null } }, array: newArrayState() }),
    );
    if (array === null) throw new Error('the id is taken');
    return { store, array };
  }

  const counts = async (store: JobStore) => (await store.get('arr'))?.array?.counts;

  test('each element is stored once, in order, and counted with every change of its status', async () => {
    const { store, array } = await withArray(3);
    expect(await store.insertElement(makeElement(array, 1, 5))).toBeNull();
    const made = await Promise.all([0, 1].map((index) => store.insertElement(makeElement(array, index, 5))));
    expect(made.map((job) => job?.id)).toEqual(['arr:0', 'arr:1']);
    expect(await store.insertElement(makeElement(array, 0, 5))).toBeNull();
    expect(await counts(store)).toMatchObject({ PENDING: 2, RUNNING: 0 });
    await store.apply('arr:0', handOver('a0'));
    await store.apply('arr:0', started('a0'));
    expect(await store.get('arr')).toMatchObject({
      status: 'RUNNING',
      array: { next: 2, counts: { PENDING: 1, RUNNING: 1 } },
    });
    await store.apply('arr:0', retry('a0', FAILURE));
    expect(await counts(store)).toMatchObject({ PENDING: 2, RUNNING: 0 });
    await store.apply('arr:0', handOver('a1'));
    await store.apply('arr:0', ended('a1', FAILURE));
    await store.apply('arr:1', ended(null, SUCCESS));
    expect(await store.get('arr')).toMatchObject({
      status: 'RUNNING',
      array: { counts: { PENDING: 0, RUNNING: 0, SUCCEEDED: 1, FAILED: 1 }, firstFailure: { id: 'arr:0' } },
    });
    expect(await store.listElements('arr', 10)).toEqual(['arr:0', 'arr:1']);
    expect(await store.listElements('arr', 1)).toEqual(['arr:0']);
  });

  test('an array that is to end takes no more elements', async () => {
    const { store, array } = await withArray(2);
    await store.apply('arr', requestStop());
    expect(await store.insertElement(makeElement(array, 0, 5))).toBeNull();
    expect(await store.get('arr:0')).toBeNull();
  });

  test('listeners hear of the element and then of its array; the count itself is no part of the history', async () => {
    const { store, array } = await withArray(1);
    const heard: string[] = [];
    store.onCommitted((job, event) => heard.push(`${job.id} ${event?.type} ${job.revision}`));
    await store.insertElement(makeElement(array, 0, 5));
    await store.apply('arr:0', handOver('a0'));
    await store.apply('arr:0', started('a0'));
    await store.apply('arr:0', ended('a0', SUCCESS));
    expect(heard).toEqual([
      ...['arr:0 submitted 1', 'arr progress 2', 'arr:0 handed_over 2', 'arr:0 started 3', 'arr started 3'],
      ...['arr:0 ended 4', 'arr progress 4'],
    ]);
    expect((await store.events('arr', 0, 10)).map(({ type }) => type)).toEqual(['submitted', 'started']);
    expect(await store.counts()).toMatchObject({ PENDING: 0, RUNNING: 1, SUCCEEDED: 1 });
  });
}
