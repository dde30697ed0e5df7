import { expect, test } from 'vitest';
import type { SubmitKey } from '../../../src/store/store.ts';
import { ended, FAILURE, sampleJob } from '../sample-jobs.ts';
import { type OpenStore, storesOf } from './open-store.ts';

const KEEP_MS = 1_000;

function keyOf(key: string, fields: Partial<SubmitKey> = {}): SubmitKey {
  return { tenant: 'default', key, digest: 'd', createdAtMs: 1, ...fields };
}

/** Submits that are recognised when they come again. */
export function describeKeys(open: OpenStore): void {
  const openStore = storesOf(open);

  test('a key makes one job, and then stands for it as it is', async () => {
    const store = await openStore();
    const first = await store.insertOnce(sampleJob('a'), keyOf('k', { digest: 'one' }));
    expect(first).toEqual({ outcome: 'inserted', job: await store.get('a') });
    await store.apply('a', ended(null, FAILURE));
    const again = await store.insertOnce(sampleJob('b'), keyOf('k', { digest: 'two' }));
    expect(again).toEqual({ outcome: 'known', digest: 'one', jobId: 'a', job: await store.get('a') });
    expect(again).toMatchObject({ job: { status: 'FAILED' } });
    expect(await store.get('b')).toBeNull();
    expect(await store.events('a', 0, 10)).toHaveLength(2);
  });

  test('of many at once with one key, exactly one makes a job', async () => {
    const store = await openStore();
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, index) => store.insertOnce(sampleJob(`job-${index}`), keyOf('k'))),
    );
    expect(results.filter(({ outcome }) => outcome === 'inserted')).toHaveLength(1);
    const ids = results.map((result) => ('job' in result ? result.job?.id : null));
    expect(new Set(ids).size).toBe(1);
    expect((await store.counts()).PENDING).toBe(1);
  });

  test('tenants do not share keys, and upper and lower case differ', async () => {
    const store = await openStore();
    const outcomes = [];
    for (const key of [keyOf('k'), keyOf('K'), keyOf('k', { tenant: 'b' })]) {
      outcomes.push((await store.insertOnce(sampleJob(`job-${outcomes.length}`), key)).outcome);
    }
    expect(outcomes).toEqual(['inserted', 'inserted', 'inserted']);
  });

  test('where the id is taken the key stays unused', async () => {
    const store = await openStore();
    await store.insert(sampleJob('a'));
    expect(await store.insertOnce(sampleJob('a'), keyOf('k'))).toEqual({ outcome: 'id_taken' });
    expect(await store.insertOnce(sampleJob('b'), keyOf('k'))).toMatchObject({ outcome: 'inserted' });
  });

  test('a key outlives its job by the time that it is to be kept, and is free then', async () => {
    const store = await openStore();
    await store.insertOnce(sampleJob('a'), keyOf('k'));
    await store.insertOnce(sampleJob('kept'), keyOf('other'));
    await store.apply('a', ended(null, FAILURE));
    expect(await store.sweepSubmitKeys(50_000, KEEP_MS)).toBe(0);
    await store.remove('a');
    expect(await store.sweepSubmitKeys(100_000, KEEP_MS)).toBe(0);
    expect(await store.sweepSubmitKeys(100_999, KEEP_MS)).toBe(0);
    const gone = await store.insertOnce(sampleJob('a'), keyOf('k'));
    expect(gone).toEqual({ outcome: 'known', digest: 'd', jobId: 'a', job: null });
    expect(await store.sweepSubmitKeys(101_000, KEEP_MS)).toBe(1);
    expect(await store.insertOnce(sampleJob('a'), keyOf('k'))).toMatchObject({ outcome: 'inserted' });
    expect(await store.insertOnce(sampleJob('x'), keyOf('other'))).toMatchObject({ outcome: 'known', jobId: 'kept' });
  });
}
