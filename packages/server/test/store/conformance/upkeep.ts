import { expect, test } from 'vitest';
import { ended, FAILURE, handOver, retry, STOP, SUCCESS, sampleJob, started } from '../sample-jobs.ts';
import { type OpenStore, storesOf } from './open-store.ts';

/** What recovery, retention and the sweep of folders read. */
export function describeUpkeep(open: OpenStore): void {
  const openStore = storesOf(open);

  test('jobs that have not ended are listed oldest first, in pages', async () => {
    const store = await openStore();
    for (let index = 0; index < 10; index++) await store.insert(sampleJob(`job-${index}`));
    for (const index of [1, 4, 5]) {
      await store.apply(`job-${index}`, handOver(`a-${index}`));
      await store.apply(`job-${index}`, started(`a-${index}`));
    }
    for (const index of [0, 6]) await store.apply(`job-${index}`, ended(null, STOP));
    await store.apply('job-5', ended('a-5', SUCCESS));
    const first = await store.listUnfinished(0, 4);
    expect(first.map(({ id }) => id)).toEqual(['job-1', 'job-2', 'job-3', 'job-4']);
    expect(first[0]).toEqual(await store.get('job-1'));
    const second = await store.listUnfinished(first[3]?.seq ?? 0, 4);
    expect(second.map(({ id }) => id)).toEqual(['job-7', 'job-8', 'job-9']);
    expect(await store.listUnfinished(second[2]?.seq ?? 0, 4)).toEqual([]);
  });

  test('jobs that have ended are listed oldest end first', async () => {
    const store = await openStore();
    for (const id of ['a', 'b', 'c', 'd']) await store.insert(sampleJob(id));
    await store.apply('b', handOver('attempt-b'));
    await store.apply('b', ended('attempt-b', FAILURE, { atMs: 300, logBytes: 7 }));
    await store.apply('a', ended(null, STOP, { atMs: 200 }));
    await store.apply('d', ended(null, STOP, { atMs: 200 }));
    const finished = await store.listOldestFinished(10);
    expect(finished.map(({ id }) => id)).toEqual(['a', 'd', 'b']);
    const seq = (await store.get('b'))?.seq;
    expect(finished[2]).toEqual({ id: 'b', seq, endedAtMs: 300, attemptId: 'attempt-b', logBytes: 7 });
    expect(finished[0]?.attemptId).toBeNull();
    expect((await store.listOldestFinished(2)).map(({ id }) => id)).toEqual(['a', 'd']);
  });

  test('attempts after which a job went on stay with it, and go with it', async () => {
    const store = await openStore();
    const job = await store.insert(sampleJob('job'));
    const seq = job?.seq ?? 0;
    expect(await store.pastAttempts(seq)).toEqual([]);
    await store.apply('job', handOver('a1'));
    await store.apply('job', retry('a1', FAILURE, { logBytes: 5 }));
    await store.apply('job', retry(null, FAILURE));
    await store.apply('job', handOver('a2'));
    const last = await store.apply('job', ended('a2', SUCCESS, { logBytes: 7 }));
    expect(last?.job).toMatchObject({ logBytes: 12, retry: { made: 2, last: { number: 2, attempt: null } } });
    expect(await store.get('job')).toEqual(last?.job);
    const past = await store.pastAttempts(seq);
    expect(past).toMatchObject([
      { number: 1, attempt: { id: 'a1' }, end: FAILURE, logBytes: 5 },
      { number: 2, attempt: null, end: FAILURE },
    ]);
    expect(await store.ownedAttempts(['a1', 'a2', 'a3'])).toEqual(new Set(['a1', 'a2']));
    expect(await store.storage()).toEqual({ finishedJobs: 1, logBytes: 12 });
    expect(await store.remove('job')).toMatchObject({ outcome: 'removed', attemptIds: ['a1', 'a2'] });
    expect(await store.ownedAttempts(['a1', 'a2'])).toEqual(new Set());
    expect(await store.pastAttempts(seq)).toEqual([]);
  });

  test('jobs with a time of their own after the end expire by it, the longest ago first', async () => {
    const store = await openStore();
    for (const [id, ttlAfterFinishedMs] of [
      ['a', 100],
      ['b', 10],
      ['c', 1_000],
      ['waits', 0],
    ] as const) {
      await store.insert(sampleJob(id, { spec: { ttlAfterFinishedMs } }));
    }
    await store.insert(sampleJob('plain'));
    for (const id of ['a', 'b', 'c', 'plain']) await store.apply(id, ended(null, STOP, { atMs: 500 }));
    expect(await store.listExpired(509, 10)).toEqual([]);
    expect(await store.listExpired(600, 10)).toEqual(['b', 'a']);
    expect(await store.listExpired(600, 1)).toEqual(['b']);
    await store.remove('b');
    expect(await store.listExpired(600, 10)).toEqual(['a']);
  });

  test('attempts are owned by the job that holds them, until it is withdrawn or removed', async () => {
    const store = await openStore();
    for (const id of ['one', 'two', 'three']) await store.insert(sampleJob(id));
    await store.apply('one', handOver('a1'));
    await store.apply('two', handOver('a2'));
    await store.apply('two', { type: 'withdraw', atMs: 1, attemptId: 'a2', reason: 'r' });
    await store.apply('two', handOver('a3'));
    await store.apply('three', handOver('a4'));
    await store.apply('three', ended('a4', SUCCESS));
    expect(await store.ownedAttempts(['a1', 'a2', 'a3', 'a4', 'A1', ''])).toEqual(new Set(['a1', 'a3', 'a4']));
    await store.remove('three');
    expect(await store.ownedAttempts(['a4'])).toEqual(new Set());
    const many = Array.from({ length: 2500 }, (_, index) => `stray-${index}`);
    expect(await store.ownedAttempts([...many, 'a1'])).toEqual(new Set(['a1']));
    expect(await store.ownedAttempts([])).toEqual(new Set());
  });

  test('counts and totals follow every change', async () => {
    const store = await openStore();
    expect(await store.counts()).toEqual({ PENDING: 0, RUNNING: 0, SUCCEEDED: 0, FAILED: 0, STOPPED: 0 });
    expect(await store.storage()).toEqual({ finishedJobs: 0, logBytes: 0 });
    for (const id of ['a', 'b', 'c', 'd']) await store.insert(sampleJob(id));
    for (const id of ['a', 'b', 'c']) {
      await store.apply(id, handOver(`of-${id}`));
      await store.apply(id, started(`of-${id}`));
    }
    await store.apply('a', ended('of-a', SUCCESS, { logBytes: 100 }));
    await store.apply('b', ended('of-b', FAILURE, { logBytes: 20 }));
    expect(await store.counts()).toEqual({ PENDING: 1, RUNNING: 1, SUCCEEDED: 1, FAILED: 1, STOPPED: 0 });
    expect(await store.storage()).toEqual({ finishedJobs: 2, logBytes: 120 });
    await store.remove('a');
    expect(await store.counts()).toEqual({ PENDING: 1, RUNNING: 1, SUCCEEDED: 0, FAILED: 1, STOPPED: 0 });
    expect(await store.storage()).toEqual({ finishedJobs: 1, logBytes: 20 });
  });
}
