import { beforeEach, expect, test } from 'vitest';
import { makeElement, newArrayState } from '../../../src/job/array.ts';
import type { JobFilter, JobStore } from '../../../src/store/store.ts';
import { ended, FAILURE, handOver, STOP, sampleJob, started } from '../sample-jobs.ts';
import { type OpenStore, storesOf } from './open-store.ts';

export function describeFilters(open: OpenStore): void {
  const openStore = storesOf(open);
  let store: JobStore;
  beforeEach(async () => {
    store = await openStore();
  });
  const found = async (filter: JobFilter) => (await store.list({ filter, limit: 100 })).jobs.map(({ id }) => id);

  test('by one status, by several, by none', async () => {
    for (const id of ['p', 'r', 'f', 's']) await store.insert(sampleJob(id));
    await store.apply('r', handOver('a'));
    await store.apply('r', started('a'));
    await store.apply('f', ended(null, FAILURE));
    await store.apply('s', ended(null, STOP));
    expect(await found({ statuses: ['RUNNING'] })).toEqual(['r']);
    expect(await found({ statuses: ['STOPPED', 'PENDING', 'STOPPED'] })).toEqual(['s', 'p']);
    expect(await found({ statuses: ['SUCCEEDED'] })).toEqual([]);
    expect(await found({ statuses: [] })).toEqual([]);
  });

  test('by queue, the default one too, and by the array of an element', async () => {
    await store.insert(sampleJob('none'));
    await store.insert(sampleJob('default', { spec: { queue: 'default' } }));
    for (const id of ['t1', 't2']) await store.insert(sampleJob(id, { spec: { queue: 'train' } }));
    const array = await store.insert(
      sampleJob('arr', { spec: { queue: 'train', array: { size: 2, maxRunning: null } }, array: newArrayState() }),
    );
    if (array === null) throw new Error('the id is taken');
    await store.insertElement(makeElement(array, 0, 5));
    expect(await found({ queue: 'train' })).toEqual(['arr:0', 'arr', 't2', 't1']);
    expect(await found({ queue: 'default' })).toEqual(['default', 'none']);
    expect(await found({ queue: 'Train' })).toEqual([]);
    expect(await found({ queue: 'train', statuses: ['PENDING'], text: 'T1' })).toEqual(['t1']);
    expect(await found({ arrayId: 'arr' })).toEqual(['arr:0']);
    expect(await found({ arrayId: 'arr', statuses: ['FAILED'] })).toEqual([]);
  });

  test('by tenant, alone and with a status', async () => {
    await store.insert(sampleJob('a1', { tenant: 'a' }));
    await store.insert(sampleJob('b1', { tenant: 'b' }));
    await store.insert(sampleJob('a2', { tenant: 'a' }));
    await store.apply('a1', ended(null, FAILURE));
    expect(await found({ tenant: 'a' })).toEqual(['a2', 'a1']);
    expect(await found({ tenant: 'A' })).toEqual([]);
    expect(await found({ tenant: 'a', statuses: ['FAILED'] })).toEqual(['a1']);
  });

  test('by metadata: every pair, whole and with its case', async () => {
    await store.insert(sampleJob('red', { spec: { metadata: { color: 'red', size: 'L' } } }));
    await store.insert(sampleJob('blue', { spec: { metadata: { color: 'blue', size: 'L' } } }));
    await store.insert(sampleJob('swapped', { spec: { metadata: { red: 'color' } } }));
    expect(await found({ metadata: { size: 'L' } })).toEqual(['blue', 'red']);
    expect(await found({ metadata: { size: 'L', color: 'red' } })).toEqual(['red']);
    expect(await found({ metadata: { size: 'L', color: 'green' } })).toEqual([]);
    expect(await found({ metadata: { color: 'Red' } })).toEqual([]);
    expect(await found({ metadata: { color: 're' } })).toEqual([]);
    expect(await found({ metadata: {} })).toEqual(['swapped', 'blue', 'red']);
  });

  test('by text in the id, the entrypoint or a metadata value, whatever the case', async () => {
    await store.insert(sampleJob('Needle-1'));
    await store.insert(sampleJob('two', { spec: { entrypoint: 'run NEEDLE now' } }));
    await store.insert(sampleJob('three', { spec: { metadata: { key: 'a needlework' } } }));
    await store.insert(sampleJob('four', { spec: { metadata: { needle: 'only the key' } } }));
    await store.insert(sampleJob('five', { spec: { entrypoint: 'ÉTUDE Ж' } }));
    expect(await found({ text: 'nEEdle' })).toEqual(['three', 'two', 'Needle-1']);
    expect(await found({ text: 'étude ж' })).toEqual(['five']);
    expect(await found({ text: '' })).toHaveLength(5);
  });

  test('text is taken as it is: % _ \\ * and quotes are characters like others', async () => {
    const entrypoints = ['100%', 'a_b', 'a\\b', 'axb', "it's", '"q"', '*', '[a]', 'line\nbreak'];
    for (const [index, entrypoint] of entrypoints.entries()) {
      await store.insert(sampleJob(`n${index}`, { spec: { entrypoint } }));
    }
    for (const [index, entrypoint] of entrypoints.entries())
      expect(await found({ text: entrypoint })).toEqual([`n${index}`]);
    expect(await found({ text: '%' })).toEqual(['n0']);
    expect(await found({ text: '_' })).toEqual(['n1']);
  });

  test('text does not match across two fields', async () => {
    await store.insert(sampleJob('abc', { spec: { entrypoint: 'def', metadata: { one: 'ghi', two: 'jkl' } } }));
    for (const text of ['abcdef', 'cd', 'c d', 'c\nd', 'c\u001fd', 'fg', 'ij'])
      expect(await found({ text })).toEqual([]);
  });

  test('by time of submit: from (with) to (without), also where the clock went back', async () => {
    const times = [1000, 2000, 3000, 1500, 2500, 500];
    for (const submittedAtMs of times) await store.insert(sampleJob(`at-${submittedAtMs}`, { submittedAtMs }));
    expect(await found({ submittedAfterMs: 2000 })).toEqual(['at-2500', 'at-3000', 'at-2000']);
    expect(await found({ submittedBeforeMs: 1500 })).toEqual(['at-500', 'at-1000']);
    expect(await found({ submittedAfterMs: 1500, submittedBeforeMs: 2500 })).toEqual(['at-1500', 'at-2000']);
    expect(await found({ submittedAfterMs: 3001 })).toEqual([]);
    expect(await found({ submittedBeforeMs: 500 })).toEqual([]);
  });

  test('a time window finds all of its jobs among thousands, with stray clocks', async () => {
    const times = Array.from({ length: 5000 }, (_, index) => (index % 997 === 0 ? 100_000 - index : index));
    await Promise.all(times.map((submittedAtMs, index) => store.insert(sampleJob(`job-${index}`, { submittedAtMs }))));
    for (const [from, to] of [
      [10, 40],
      [2030, 2070],
      [4990, 5010],
      [95_000, 100_001],
      [6000, 90_000],
    ] as const) {
      const expected = times.flatMap((time, index) => (time >= from && time < to ? [`job-${index}`] : []));
      expect(await found({ submittedAfterMs: from, submittedBeforeMs: to })).toEqual(expected.reverse());
    }
  });

  test('a rare match is found below thousands of others', async () => {
    const ids = Array.from({ length: 4000 }, (_, index) => `job-${index}`);
    await Promise.all(
      ids.map((id, index) =>
        store.insert(sampleJob(id, { spec: { metadata: { all: 'x', ...(index % 1500 === 3 ? { rare: 'y' } : {}) } } })),
      ),
    );
    const rare = ['job-3003', 'job-1503', 'job-3'];
    expect(await found({ metadata: { all: 'x', rare: 'y' } })).toEqual(rare);
    expect(await found({ metadata: { rare: 'y', all: 'x' }, statuses: ['PENDING'], tenant: 'default' })).toEqual(rare);
    expect(await found({ text: 'JOB-3003' })).toEqual(['job-3003']);
    const page = await store.list({ filter: { metadata: { all: 'x', rare: 'y' } }, limit: 3 });
    expect(page.next).toBeNull();
  });

  test('everything given must hold', async () => {
    const metadata = { team: 'x' };
    await store.insert(sampleJob('match-1', { tenant: 't', submittedAtMs: 10, spec: { metadata } }));
    await store.insert(sampleJob('match-2', { tenant: 't', submittedAtMs: 20, spec: { metadata } }));
    await store.insert(sampleJob('match-3', { tenant: 'u', submittedAtMs: 10, spec: { metadata } }));
    await store.insert(sampleJob('match-4', { tenant: 't', submittedAtMs: 10 }));
    await store.insert(sampleJob('other', { tenant: 't', submittedAtMs: 10, spec: { metadata } }));
    await store.insert(sampleJob('match-6', { tenant: 't', submittedAtMs: 10, spec: { metadata } }));
    await store.apply('match-6', ended(null, STOP));
    const filter: JobFilter = {
      statuses: ['PENDING', 'RUNNING'],
      tenant: 't',
      metadata,
      submittedAfterMs: 10,
      submittedBeforeMs: 20,
      text: 'match',
    };
    expect(await found(filter)).toEqual(['match-1']);
  });
}
