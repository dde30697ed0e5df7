import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { addWebhooks, createDeliveryCount } from '../../src/metrics/webhooks.ts';
import { sampleJob } from '../store/sample-jobs.ts';
import { standingClock } from '../timing/standing-clock.ts';
import { openScene } from '../webhooks/opening.ts';
import { answer, startReceiver } from '../webhooks/receiver.ts';
import { parseExposition, valuesOf } from './parse-exposition.ts';

async function openMetrics() {
  const registry = new Registry();
  const clock = standingClock();
  const receiver = await startReceiver();
  const scene = await openScene({ onDelivery: createDeliveryCount(registry) });
  addWebhooks(registry, scene.service, scene.store.webhooks, clock.now);
  const read = async (name: string) => valuesOf(parseExposition(await registry.metrics()), `drover_webhook_${name}`);
  return { receiver, ...scene, read, passes: clock.pass };
}

test('deliveries are counted by what became of them', async () => {
  const { receiver, store, hear, read } = await openMetrics();
  const none = { 'outcome=delivered': 0, 'outcome=retried': 0, 'outcome=gone': 0, 'outcome=given_up': 0 };
  expect(await read('deliveries_total')).toEqual(none);
  await hear(receiver.url);
  await store.insert(sampleJob('one'));
  await expect.poll(() => read('deliveries_total')).toEqual({ ...none, 'outcome=delivered': 1 });
  receiver.answerWith(answer(500));
  await store.insert(sampleJob('two'));
  await expect.poll(async () => (await read('deliveries_total'))['outcome=retried']).toBeGreaterThan(0);
  receiver.answerWith(answer(410));
  await expect.poll(() => read('deliveries_total')).toMatchObject({ 'outcome=gone': 1 });
});

test('what waits is told of each webhook, with the age of the oldest, and is gone with it', async () => {
  const { receiver, store, service, hear, read, passes } = await openMetrics();
  expect(await read('waiting_events')).toEqual({});
  receiver.answerWith(() => {});
  const { id } = await hear(receiver.url);
  const { id: idle } = await hear(receiver.url, { tenant: 'nobody' });
  const atMs = Date.now();
  await store.insert(sampleJob('one', { submittedAtMs: atMs - 60_000 }));
  await store.insert(sampleJob('two', { submittedAtMs: atMs }));
  expect(await read('waiting_events')).toEqual({ [`webhook=${id}`]: 2, [`webhook=${idle}`]: 0 });
  const bytes = await read('waiting_bytes');
  expect(bytes[`webhook=${id}`]).toBeGreaterThan(500);
  expect(bytes[`webhook=${idle}`]).toBe(0);
  const before = (await read('oldest_waiting_seconds'))[`webhook=${id}`] ?? 0;
  expect(before).toBeGreaterThanOrEqual(59);
  passes(5_000);
  const after = await read('oldest_waiting_seconds');
  expect(after).toEqual({ [`webhook=${id}`]: expect.closeTo(before + 5), [`webhook=${idle}`]: 0 });

  await store.webhooks.dropOlder(id, atMs);
  expect(await read('events_dropped_total')).toEqual({ [`webhook=${id}`]: 1, [`webhook=${idle}`]: 0 });
  await service.remove(id);
  expect(await read('waiting_events')).toEqual({ [`webhook=${idle}`]: 0 });
});
