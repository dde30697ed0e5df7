import { expect, test } from 'vitest';
import { afterStart, newProgress } from '../../../src/schedule/progress.ts';
import type { Schedule } from '../../../src/schedule/schedule.ts';
import { ended, SUCCESS, sampleJob } from '../sample-jobs.ts';
import { sampleSchedule } from '../sample-schedules.ts';
import { type OpenStore, storesOf } from './open-store.ts';

const jobOf = (id: string, { name }: Pick<Schedule, 'name'>, atMs: number | null) =>
  sampleJob(id, { spec: { schedule: { name, atMs } } });

/** Schedules, and that an occurrence has one job at most. */
export function describeSchedules(open: OpenStore): void {
  const openStore = storesOf(open);
  const nightly = sampleSchedule('nightly');
  const progress = newProgress(0);

  test('schedules are kept by their names, each as it was stored last', async () => {
    const { schedules } = await openStore();
    expect(await schedules.schedules()).toEqual([]);
    await schedules.put(nightly, progress);
    await schedules.put(sampleSchedule('hourly'), progress);
    await schedules.put({ ...nightly, isPaused: true }, { ...progress, lastJobId: 'j' });
    await schedules.saveProgress('hourly', { ...progress, decidedUntilMs: 7 });
    await schedules.saveProgress('gone', progress);
    expect(await schedules.schedules()).toEqual([
      { schedule: sampleSchedule('hourly'), progress: { ...progress, decidedUntilMs: 7 } },
      { schedule: { ...nightly, isPaused: true }, progress: { ...progress, lastJobId: 'j' } },
    ]);
    expect(await schedules.remove('nightly')).toBe(true);
    expect(await schedules.remove('nightly')).toBe(false);
    expect(await schedules.schedules()).toHaveLength(1);
  });

  test('an occurrence and its job are one: both are there, told, and found by the name', async () => {
    const store = await openStore();
    const told: (string | undefined)[] = [];
    store.onCommitted((job, event) => told.push(`${job.id} ${event?.type}`));
    await store.schedules.put(nightly, progress);
    const after = afterStart(progress, 1_000, 'j1', []);
    expect(await store.schedules.start('nightly', jobOf('j1', nightly, 1_000), after)).toMatchObject({ id: 'j1' });
    expect(told).toEqual(['j1 submitted']);
    expect((await store.schedules.schedules())[0]?.progress).toEqual(after);
    expect((await store.get('j1'))?.spec.schedule).toEqual({ name: 'nightly', atMs: 1_000 });
  });

  test('no occurrence has two jobs, nor one behind a later one, whoever asks', async () => {
    const store = await openStore();
    await store.schedules.put(nightly, progress);
    const start = (id: string, atMs: number) =>
      store.schedules.start('nightly', jobOf(id, nightly, atMs), afterStart(progress, atMs, id, []));
    const started = await Promise.all([start('a', 2_000), start('b', 2_000), start('c', 1_000), start('d', 3_000)]);
    expect(started.map((job) => job?.id)).toEqual(['a', undefined, undefined, 'd']);
    // Also not where a change was made on what was known before.
    await store.schedules.put(nightly, progress);
    expect(await start('e', 3_000)).toBeNull();
    expect((await store.list({ filter: {}, limit: 10 })).jobs.map(({ id }) => id)).toEqual(['d', 'a']);
    expect(await store.schedules.start('gone', jobOf('f', nightly, 9_000), progress)).toBeNull();
    expect(await store.get('f')).toBeNull();
  });

  test('a job that cannot be stored leaves its occurrence open', async () => {
    const store = await openStore();
    await store.schedules.put(nightly, progress);
    await store.insert(sampleJob('taken'));
    const after = afterStart(progress, 1_000, 'taken', []);
    await expect(store.schedules.start('nightly', jobOf('taken', nightly, 1_000), after)).rejects.toThrow('taken');
    expect((await store.schedules.schedules())[0]?.progress).toEqual(progress);
    const next = afterStart(progress, 1_000, 'free', []);
    expect(await store.schedules.start('nightly', jobOf('free', nightly, 1_000), next)).not.toBeNull();
  });

  test('jobs are listed by their schedule, with any other filter, and those that have not ended are known', async () => {
    const store = await openStore();
    for (const id of ['n1', 'n2', 'n3']) await store.insert(jobOf(id, nightly, null));
    await store.insert(sampleJob('other', { spec: { schedule: { name: 'hourly', atMs: null } } }));
    await store.insert(sampleJob('none'));
    await store.apply('n1', ended(null, SUCCESS));
    const found = async (filter: object) =>
      (await store.list({ filter: { schedule: 'nightly', ...filter }, limit: 10 })).jobs.map(({ id }) => id);
    expect(await found({})).toEqual(['n3', 'n2', 'n1']);
    expect(await found({ statuses: ['SUCCEEDED'] })).toEqual(['n1']);
    expect(await found({ tenant: 'other' })).toEqual([]);
    expect(await found({ schedule: 'nothing' })).toEqual([]);
    const byId = await store.list({ filter: { schedule: 'nightly' }, sort: 'id', limit: 2 });
    expect(byId.jobs.map(({ id }) => id)).toEqual(['n1', 'n2']);
    expect(await store.schedules.unfinishedJobs('nightly', 10)).toEqual(['n2', 'n3']);
    expect(await store.schedules.unfinishedJobs('nightly', 1)).toEqual(['n2']);
  });

  test('an array of a schedule is one unfinished job, whatever its elements', async () => {
    const store = await openStore();
    const array = { size: 2, maxRunning: null };
    const state = { next: 0, counts: { PENDING: 0, RUNNING: 0, SUCCEEDED: 0, FAILED: 0, STOPPED: 0 } };
    const spec = { schedule: { name: 'nightly', atMs: 5 }, array };
    await store.insert(sampleJob('arr', { spec, array: { ...state, firstFailure: null } }));
    const element = { arrayId: 'arr', index: 0, size: 2, maxRunning: null };
    await store.insertElement(sampleJob('arr:0', { spec: { schedule: spec.schedule, element } }));
    expect(await store.schedules.unfinishedJobs('nightly', 10)).toEqual(['arr']);
  });
}
