import { expect, test } from 'vitest';
import { makeElement, newArrayState } from '../../../src/job/array.ts';
import type { JobStore } from '../../../src/store/store.ts';
import { ended, FAILURE, handOver, sampleJob, started } from '../sample-jobs.ts';
import { REFUSED, sampleWebhook, TAKEN } from '../sample-webhooks.ts';
import { type OpenStore, storesOf } from './open-store.ts';

/** What waits to be delivered. */
export function describeOutbox(open: OpenStore): void {
  const openStore = storesOf(open);

  async function openWith(jobIds: readonly string[], outbox: Parameters<typeof openStore>[0] = {}): Promise<JobStore> {
    const store = await openStore(outbox);
    await store.webhooks.put(sampleWebhook('wh_a'));
    for (const id of jobIds) await store.insert(sampleJob(id));
    return store;
  }

  const due = async (store: JobStore) =>
    (await store.webhooks.nextDue('wh_a', 100)).map(({ jobId, type }) => `${jobId} ${type}`);

  test('a notice holds all of its event, and the body of that moment, although the job is removed', async () => {
    const store = await openWith(['job']);
    const result = await store.apply('job', ended(null, FAILURE, { atMs: 77 }));
    const [, event] = await store.events('job', 0, 10);
    await store.remove('job');
    const [, notice] = await store.webhooks.waiting('wh_a', 10);
    expect(notice).toEqual({
      ...{ id: expect.any(Number), webhookId: 'wh_a', eventId: event?.id, jobId: 'job', jobSeq: result?.job.seq },
      bodyBytes: expect.any(Number),
      ...{ type: 'ended', atMs: 77, attempts: 0, dueAtMs: null, lastAttempt: null },
    });
    expect(JSON.parse((await store.webhooks.body(notice?.id ?? 0)) ?? '')).toEqual({
      ...{ id: event?.id, type: 'ended', jobId: 'job', revision: 2 },
    });
  });

  test('a write that is refused leaves no notice', async () => {
    const store = await openWith(['job']);
    await expect(store.apply('job', ended('another', FAILURE))).rejects.toThrow('illegal transition');
    expect(await store.insert(sampleJob('job'))).toBeNull();
    expect(await store.webhooks.tally('wh_a')).toMatchObject({ waiting: 1 });
  });

  test('an array, and each of its elements, has notices of its own', async () => {
    const store = await openStore();
    await store.webhooks.put(sampleWebhook('wh_a'));
    const heard: (readonly string[])[] = [];
    store.webhooks.onWaiting((webhookIds) => heard.push(webhookIds));
    const array = await store.insert(
      sampleJob('arr', { spec: { array: { size: 1, maxRunning: null } }, array: newArrayState() }),
    );
    if (array === null) throw new Error('the id is taken');
    await store.insertElement(makeElement(array, 0, 5));
    await store.apply('arr:0', handOver('a1'));
    await store.apply('arr:0', started('a1'));
    const told = (await store.webhooks.waiting('wh_a', 10)).map(({ jobId, type }) => `${jobId} ${type}`);
    expect(told).toEqual(['arr submitted', 'arr:0 submitted', 'arr:0 handed_over', 'arr:0 started', 'arr started']);
    expect(heard).toHaveLength(5);
  });

  test('of the notices of one job only the first is due, and the next when it has left', async () => {
    const store = await openWith(['one', 'two']);
    await store.apply('one', handOver('a1'));
    await store.apply('one', started('a1'));
    expect(await due(store)).toEqual(['one submitted', 'two submitted']);
    const [first] = await store.webhooks.nextDue('wh_a', 1);
    expect(await store.webhooks.finish(first?.id ?? 0, TAKEN, true)).toBe(true);
    expect(await store.webhooks.finish(first?.id ?? 0, TAKEN, true)).toBe(false);
    expect(await due(store)).toEqual(['two submitted', 'one handed_over']);
    const [, second] = await store.webhooks.nextDue('wh_a', 2);
    await store.webhooks.finish(second?.id ?? 0, REFUSED, false);
    expect(await due(store)).toEqual(['two submitted', 'one started']);
    await store.apply('one', ended('a1', FAILURE));
    expect(await due(store)).toEqual(['two submitted', 'one started']);
  });

  test('a notice that was postponed comes behind those that are due earlier, and keeps its attempts', async () => {
    const store = await openWith(['one', 'two']);
    const [first] = await store.webhooks.nextDue('wh_a', 1);
    const dueAtMs = 1_800_000_000_000;
    await store.webhooks.postpone(first?.id ?? 0, REFUSED, dueAtMs);
    await store.webhooks.postpone(first?.id ?? 0, { ...REFUSED, status: 503 }, dueAtMs);
    expect(await due(store)).toEqual(['two submitted', 'one submitted']);
    const [, second] = await store.webhooks.nextDue('wh_a', 2);
    expect(second).toMatchObject({ attempts: 2, dueAtMs, lastAttempt: { ...REFUSED, status: 503 } });
    await store.webhooks.postpone(4711, REFUSED, 0);
    expect(await store.webhooks.tally('wh_a')).toMatchObject({ waiting: 2 });
  });

  test('what has left after it was tried is listed, the last first, and no more than a hundred of it', async () => {
    const store = await openWith(Array.from({ length: 102 }, (_, index) => `job-${index}`));
    const notices = await store.webhooks.waiting('wh_a', 200);
    for (const [index, { id }] of notices.entries()) {
      await store.webhooks.finish(id, index === 101 ? REFUSED : TAKEN, index !== 101);
    }
    const finished = await store.webhooks.finished('wh_a', 200);
    expect(finished).toHaveLength(100);
    expect(finished.map(({ jobId }) => jobId).slice(0, 2)).toEqual(['job-101', 'job-100']);
    expect(finished[0]).toEqual({
      ...{ webhookId: 'wh_a', eventId: notices[101]?.eventId, jobId: 'job-101', type: 'submitted' },
      ...{ atMs: notices[101]?.atMs, attempts: 1, isDelivered: false, lastAttempt: REFUSED },
    });
    expect(await store.webhooks.finished('wh_a', 3)).toEqual(finished.slice(0, 3));
  });

  test('beyond the greatest number the oldest are dropped, and counted', async () => {
    const store = await openWith(['one', 'two'], { maxWaiting: 3 });
    await store.apply('one', handOver('a1'));
    await store.apply('two', handOver('a2'));
    await store.apply('two', started('a2'));
    expect(await store.webhooks.tally('wh_a')).toMatchObject({ waiting: 3, dropped: 2 });
    expect(await due(store)).toEqual(['one handed_over', 'two handed_over']);
  });

  test('beyond the greatest size the oldest are dropped, itself included', async () => {
    const store = await openWith(['one', 'two'], {
      maxWaitingBytes: 100,
      bodyOf: ({ type }) => 'x'.repeat(type === 'ended' ? 101 : 40),
    });
    await store.insert(sampleJob('three'));
    expect(await store.webhooks.tally('wh_a')).toEqual({ waiting: 2, waitingBytes: 80, delivered: 0, dropped: 1 });
    await store.apply('one', ended(null, FAILURE));
    expect(await store.webhooks.tally('wh_a')).toEqual({ waiting: 0, waitingBytes: 0, delivered: 0, dropped: 4 });
  });

  test('those that are too old are dropped from the oldest on, some at a time', async () => {
    const store = await openStore();
    await store.webhooks.put(sampleWebhook('wh_a'));
    const jobs = Array.from({ length: 700 }, (_, index) => sampleJob(`job-${index}`, { submittedAtMs: index }));
    await Promise.all(jobs.map((job) => store.insert(job)));
    let dropped = 0;
    let rounds = 0;
    for (let some = -1; some !== 0; rounds += 1) {
      some = await store.webhooks.dropOlder('wh_a', 650);
      dropped += some;
    }
    expect(dropped).toBe(650);
    expect(rounds).toBeGreaterThan(2);
    expect((await store.webhooks.waiting('wh_a', 1))[0]).toMatchObject({ jobId: 'job-650' });
    expect(await store.webhooks.tally('wh_a')).toMatchObject({ waiting: 50, dropped: 650 });
    expect(await store.webhooks.dropOlder('wh_unknown', 650)).toBe(0);
  });
}
