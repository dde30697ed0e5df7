import { expect, test } from 'vitest';
import { ended, FAILURE, STOP, sampleJob } from '../sample-jobs.ts';
import { REFUSED, sampleWebhook, TAKEN } from '../sample-webhooks.ts';
import { type OpenStore, storesOf } from './open-store.ts';

const NOTHING = { waiting: 0, waitingBytes: 0, delivered: 0, dropped: 0 };

/** Webhooks themselves, and who gets what. */
export function describeWebhooks(open: OpenStore): void {
  const openStore = storesOf(open);

  test('webhooks are kept in the order of their creation, each as it was stored last', async () => {
    const { webhooks } = await openStore();
    expect(await webhooks.webhooks()).toEqual([]);
    await webhooks.put(sampleWebhook('wh_b'));
    await webhooks.put(sampleWebhook('wh_a', { filter: { types: ['ended'], metadata: { team: 'x' } } }));
    const changed = sampleWebhook('wh_b', { description: 'for the pager', disabled: { reason: 'gone', atMs: 5 } });
    await webhooks.put(changed);
    const second = sampleWebhook('wh_a', { filter: { types: ['ended'], metadata: { team: 'x' } } });
    expect(await webhooks.webhooks()).toEqual([changed, second]);
    expect(await webhooks.remove('wh_b')).toBe(true);
    expect(await webhooks.remove('wh_b')).toBe(false);
    expect(await webhooks.webhooks()).toEqual([second]);
  });

  test('a webhook gets the events that its filter lets pass, from its creation on and while it is not disabled', async () => {
    const store = await openStore();
    await store.insert(sampleJob('before'));
    await store.webhooks.put(sampleWebhook('wh_all'));
    await store.webhooks.put(sampleWebhook('wh_b', { filter: { tenant: 'b', endStatuses: ['FAILED'] } }));
    await store.insert(sampleJob('one'));
    await store.insert(sampleJob('two', { tenant: 'b' }));
    await store.webhooks.put(sampleWebhook('wh_all', { disabled: { reason: 'off', atMs: 1 } }));
    await store.apply('one', ended(null, FAILURE));
    await store.apply('two', ended(null, FAILURE));
    await store.webhooks.put(sampleWebhook('wh_all'));
    await store.apply('before', ended(null, STOP));
    const told = async (id: string) => (await store.webhooks.waiting(id, 10)).map(({ jobId, type }) => [jobId, type]);
    expect(await told('wh_all')).toEqual([
      ['one', 'submitted'],
      ['two', 'submitted'],
      ['before', 'ended'],
    ]);
    expect(await told('wh_b')).toEqual([['two', 'ended']]);
    expect(await told('wh_unknown')).toEqual([]);
  });

  test('the tally counts what waits, was delivered and was dropped; an unknown webhook has none', async () => {
    const store = await openStore({ bodyOf: () => 'fünf' });
    const { webhooks } = store;
    await webhooks.put(sampleWebhook('wh_a'));
    expect(await webhooks.tally('wh_a')).toEqual(NOTHING);
    for (const id of ['a', 'b', 'c']) await store.insert(sampleJob(id));
    const [first, second] = await webhooks.waiting('wh_a', 3);
    await webhooks.finish(first?.id ?? 0, TAKEN, true);
    await webhooks.finish(second?.id ?? 0, REFUSED, false);
    expect(await webhooks.tally('wh_a')).toEqual({ waiting: 1, waitingBytes: 5, delivered: 1, dropped: 1 });
    // Settings are one thing, and what happened another.
    await webhooks.put(sampleWebhook('wh_a', { description: 'new' }));
    expect(await webhooks.tally('wh_a')).toEqual({ waiting: 1, waitingBytes: 5, delivered: 1, dropped: 1 });
    expect(await webhooks.tally('wh_b')).toBeNull();
  });

  test('what a removed webhook leaves is swept, piece by piece, and nothing of another one', async () => {
    const store = await openStore();
    const { webhooks } = store;
    await webhooks.put(sampleWebhook('wh_a'));
    await webhooks.put(sampleWebhook('wh_b'));
    await Promise.all(Array.from({ length: 1_200 }, (_, index) => store.insert(sampleJob(`job-${index}`))));
    const [first] = await webhooks.waiting('wh_a', 1);
    await webhooks.finish(first?.id ?? 0, TAKEN, true);
    expect(await webhooks.sweep()).toBe(false);
    await webhooks.remove('wh_a');
    const body = async () => webhooks.body((first?.id ?? 0) + 2);
    expect(await body()).not.toBeNull();
    let sweeps = 1;
    while (await webhooks.sweep()) sweeps += 1;
    expect(sweeps).toBeGreaterThan(2);
    expect(await body()).toBeNull();
    expect(await webhooks.tally('wh_b')).toMatchObject({ waiting: 1_200 });
    await webhooks.put(sampleWebhook('wh_a'));
    expect(await webhooks.tally('wh_a')).toEqual(NOTHING);
    expect(await webhooks.finished('wh_a', 10)).toEqual([]);
  });

  test('listeners hear for whom events wait, after the commit, and only of those', async () => {
    const store = await openStore();
    const heard: (readonly string[])[] = [];
    const stop = store.webhooks.onWaiting((webhookIds) => heard.push(webhookIds));
    await store.insert(sampleJob('zero'));
    await store.webhooks.put(sampleWebhook('wh_a'));
    await store.webhooks.put(sampleWebhook('wh_ends', { filter: { types: ['ended'] } }));
    await store.insert(sampleJob('one'));
    await store.apply('one', ended(null, STOP));
    await store.remove('one');
    stop();
    await store.insert(sampleJob('two'));
    expect(heard).toEqual([['wh_a'], ['wh_a', 'wh_ends']]);
  });
}
