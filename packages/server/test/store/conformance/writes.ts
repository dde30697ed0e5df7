import { expect, test } from 'vitest';
import type { Job } from '../../../src/job/job.ts';
import { ended, handOver, requestStop, STOP, SUCCESS, sampleAttempt, sampleJob, started } from '../sample-jobs.ts';
import { type OpenStore, storesOf } from './open-store.ts';

const FULL_JOB: Job = sampleJob('every-field', {
  tenant: 'team "ä" 1',
  door: 'ray',
  spec: {
    entrypoint: 'sh -c \'echo "\u{1f40e} %s\\n"\'\n# second line',
    runtimeEnv: { pip: ['a==1', null, { nested: [true, 1.5] }], env_vars: { ключ: '\u0000 \ud800' } },
    metadata: { 'key with = and \u00e9': 'v\n', __proto: 'x' },
    resources: { cpus: 0.5, gpus: 2, memoryBytes: 3 * 2 ** 40, custom: { NPU: 1 } },
    poolLabels: ['b', 'a'],
    stopGraceMs: 1,
  },
  status: 'FAILED',
  revision: 7,
  attempt: { ...sampleAttempt('every-attempt'), driverPid: 1, startedAtMs: 2 },
  stop: { requestedAtMs: 3, reason: 'r', graceMs: 4 },
  end: { status: 'FAILED', code: 'DRIVER_LOST', message: 'm', exitCode: null },
  endedAtMs: 5,
  logBytes: 2 ** 52,
});

export function describeWrites(open: OpenStore): void {
  const openStore = storesOf(open);

  test('a job comes back as it was stored, every field of it', async () => {
    const store = await openStore();
    const stored = await store.insert({ ...FULL_JOB, seq: 999 });
    expect(stored?.seq).toBeGreaterThan(0);
    expect(stored).toEqual({ ...FULL_JOB, seq: stored?.seq });
    expect(await store.get('every-field')).toEqual(stored);
  });

  test('an unknown id is null', async () => {
    const store = await openStore();
    await store.insert(sampleJob('known'));
    expect(await store.get('Known')).toBeNull();
    expect(await store.get('know')).toBeNull();
    expect(await store.apply('unknown', handOver('a'))).toBeNull();
  });

  test('a taken id is refused and leaves no trace', async () => {
    const store = await openStore();
    const first = await store.insert(sampleJob('one', { tenant: 'first' }));
    expect(await store.insert(sampleJob('one', { tenant: 'second', spec: { metadata: { a: 'b' } } }))).toBeNull();
    expect(await store.get('one')).toEqual(first);
    expect(await store.events('one', 0, 10)).toHaveLength(1);
    expect((await store.counts()).PENDING).toBe(1);
    expect((await store.list({ filter: { metadata: { a: 'b' } }, limit: 10 })).jobs).toEqual([]);
  });

  test('of 1000 concurrent inserts with every id four times, exactly one of each wins', async () => {
    const store = await openStore();
    const ids = Array.from({ length: 1000 }, (_, index) => `job-${(index * 7) % 250}`);
    const stored = await Promise.all(ids.map((id) => store.insert(sampleJob(id))));
    const won = stored.filter((job) => job !== null);
    expect(won).toHaveLength(250);
    expect(new Set(won.map((job) => job.id)).size).toBe(250);
    expect(new Set(won.map((job) => job.seq)).size).toBe(250);
    expect((await store.counts()).PENDING).toBe(250);
    expect((await store.list({ filter: {}, limit: 1000 })).jobs).toHaveLength(250);
  });

  test('what was answered is there for the next read', async () => {
    const store = await openStore();
    await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const id = `job-${index}`;
        const inserted = await store.insert(sampleJob(id));
        expect(await store.get(id)).toEqual(inserted);
        const result = await store.apply(id, handOver(`attempt-${index}`));
        expect(await store.get(id)).toEqual(result?.job);
      }),
    );
  });

  test('changes that are asked for in one tick are applied in their order', async () => {
    const store = await openStore();
    const results = await Promise.all([
      store.insert(sampleJob('quick')),
      store.apply('quick', handOver('a1')),
      store.apply('quick', started('a1')),
      store.apply('quick', ended('a1', SUCCESS, { logBytes: 12 })),
      store.apply('quick', requestStop()),
    ]);
    const [, ...changes] = results;
    expect(changes.map((result) => result?.outcome)).toEqual(['changed', 'changed', 'changed', 'already_ended']);
    expect(await store.get('quick')).toMatchObject({ status: 'SUCCEEDED', revision: 4, logBytes: 12 });
  });

  test('a change that tells nothing new, or comes too late, changes nothing', async () => {
    const store = await openStore();
    await store.insert(sampleJob('job'));
    await store.apply('job', requestStop());
    const stopped = await store.get('job');
    expect(await store.apply('job', requestStop())).toEqual({ outcome: 'unchanged', job: stopped });
    await store.apply('job', ended(null, STOP));
    const finished = await store.get('job');
    expect(await store.apply('job', ended(null, SUCCESS))).toEqual({ outcome: 'already_ended', job: finished });
    expect(await store.get('job')).toEqual(finished);
    expect(await store.events('job', 0, 10)).toHaveLength(3);
  });

  test('one illegal change among others fails alone', async () => {
    const store = await openStore();
    await store.insert(sampleJob('old'));
    const outcomes = await Promise.allSettled([
      store.insert(sampleJob('new-1')),
      store.apply('old', started('never-handed-over')),
      store.apply('old', handOver('a1')),
      store.apply('old', handOver('a2')),
      store.insert(sampleJob('new-2')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(await store.get('old')).toMatchObject({ revision: 2, attempt: { id: 'a1' } });
    expect((await store.events('old', 0, 10)).map(({ type }) => type)).toEqual(['submitted', 'handed_over']);
    expect((await store.counts()).PENDING).toBe(3);
  });

  test('an attempt id cannot be used twice', async () => {
    const store = await openStore();
    await Promise.all([store.insert(sampleJob('one')), store.insert(sampleJob('two'))]);
    await store.apply('one', handOver('same'));
    await expect(store.apply('two', handOver('same'))).rejects.toThrow();
    expect(await store.get('two')).toMatchObject({ revision: 1, attempt: null });
  });

  test('only a job that has ended can be removed, and nothing of it stays', async () => {
    const store = await openStore();
    expect(await store.remove('job')).toEqual({ outcome: 'unknown' });
    const waiting = await store.insert(sampleJob('job', { spec: { metadata: { a: 'b' } } }));
    expect(await store.remove('job')).toEqual({ outcome: 'not_ended', job: waiting });
    await store.apply('job', handOver('a1'));
    const last = await store.apply('job', ended('a1', SUCCESS, { logBytes: 5 }));
    expect(await store.remove('job')).toEqual({ outcome: 'removed', job: last?.job, attemptIds: ['a1'] });

    expect(await store.get('job')).toBeNull();
    expect(await store.events('job', 0, 10)).toEqual([]);
    expect(await store.ownedAttempts(['a1'])).toEqual(new Set());
    expect((await store.list({ filter: { metadata: { a: 'b' } }, limit: 1 })).jobs).toEqual([]);
    expect((await store.list({ filter: { text: 'job' }, limit: 1 })).jobs).toEqual([]);
    expect(await store.storage()).toEqual({ finishedJobs: 0, logBytes: 0 });
    expect(await store.remove('job')).toEqual({ outcome: 'unknown' });
  });

  test('an id that was removed can be used again, a seq never', async () => {
    const store = await openStore();
    const first = await store.insert(sampleJob('job'));
    await store.apply('job', ended(null, STOP));
    await store.remove('job');
    const second = await store.insert(sampleJob('job'));
    expect(second?.seq).toBeGreaterThan(first?.seq ?? Number.POSITIVE_INFINITY);
    expect((await store.events('job', 0, 10)).map(({ type }) => type)).toEqual(['submitted']);
  });

  test('closing lets queued writes finish and refuses later ones', async () => {
    const store = await openStore();
    const queued = Array.from({ length: 600 }, (_, index) => store.insert(sampleJob(`job-${index}`)));
    const closed = store.close();
    await expect(store.insert(sampleJob('late'))).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    const stored = await Promise.all(queued);
    expect(stored.every((job) => job !== null)).toBe(true);
    await closed;
    await store.close();
    await expect(store.apply('job-1', handOver('a'))).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    await expect(store.remove('job-1')).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  });
}
