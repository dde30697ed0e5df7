import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { addSchedules } from '../../src/metrics/schedules.ts';
import { newQueue } from '../../src/queue/queue.ts';
import { openScene, type Scene } from '../schedules/opening.ts';
import { parseExposition, valuesOf } from './parse-exposition.ts';

function openMetrics(scene: Scene) {
  const registry = new Registry();
  addSchedules(registry, {
    schedules: () => scene.service.schedules(),
    next: (name, count) => scene.service.next(name, count),
  });
  return async (name: string) => valuesOf(parseExposition(await registry.metrics()), `drover_${name}`);
}

test('schedules are counted by whether they go on', async () => {
  const scene = await openScene('2026-11-24T09:30:00Z');
  const read = openMetrics(scene);
  expect(await read('schedules')).toEqual({ 'state=active': 0, 'state=paused': 0, 'state=over': 0 });
  await scene.create();
  await scene.create({ name: 'paused', isPaused: true });
  await scene.create({ name: 'brief', endMs: Date.parse('2026-11-24T11:00:00Z') });
  expect(await read('schedules')).toEqual({ 'state=active': 2, 'state=paused': 1, 'state=over': 0 });
  await scene.passUntil('2026-11-24T11:00:00Z');
  expect(await read('schedules')).toEqual({ 'state=active': 1, 'state=paused': 1, 'state=over': 1 });
});

test('occurrences are counted by what became of them, over restarts, and are gone with their schedule', async () => {
  const scene = await openScene('2026-11-24T09:30:00Z');
  const read = openMetrics(scene);
  await scene.queues.createQueue(newQueue('train'));
  await scene.create({ overlap: 'skip', job: { entrypoint: 'true', queue: 'train' } });
  expect(await read('schedule_last_start_timestamp_seconds')).toEqual({});
  await scene.passUntil('2026-11-24T11:10:00Z');
  const [first] = await scene.jobs();
  await scene.endJob(first);
  await scene.queues.changeQueue('train', (queue) => ({ ...queue, state: 'draining' }));
  await scene.passUntil('2026-11-24T12:10:00Z');
  await scene.end();
  await scene.passUntil('2026-11-24T14:10:00Z');
  await scene.begin();
  const counts = (started: number, skipped: number, missed: number, refused: number) => ({
    'schedule=hourly,outcome=started': started,
    'schedule=hourly,outcome=skipped': skipped,
    'schedule=hourly,outcome=missed': missed,
    'schedule=hourly,outcome=refused': refused,
  });
  expect(await read('schedule_occurrences_total')).toEqual(counts(1, 1, 2, 1));
  expect(await read('schedule_last_start_timestamp_seconds')).toEqual({
    'schedule=hourly': Date.parse('2026-11-24T10:00:00Z') / 1_000,
  });
  await scene.service.remove('hourly');
  expect(await read('schedule_occurrences_total')).toEqual({});
});

test('only a hundred have series of their own, and the others are summed', async () => {
  const scene = await openScene('2026-11-24T09:59:30Z');
  const read = openMetrics(scene);
  const names = Array.from({ length: 103 }, (_, index) => `s${String(index).padStart(3, '0')}`);
  for (const name of names) await scene.create({ name });
  await scene.passUntil('2026-11-24T10:00:30Z');
  const occurrences = await read('schedule_occurrences_total');
  expect(occurrences).toMatchObject({
    'schedule=s099,outcome=started': 1,
    'schedule=all others,outcome=started': 3,
    'schedule=all others,outcome=missed': 0,
  });
  expect(Object.keys(occurrences)).toHaveLength(101 * 4);
  expect(Object.keys(await read('schedule_last_start_timestamp_seconds'))).toHaveLength(100);
});
