import { describe, expect, it, vi } from 'vitest';
import { droverError } from '../../src/errors/drover-error.ts';
import { newQueue } from '../../src/queue/queue.ts';
import type { ScheduleStore } from '../../src/store/schedule-store.ts';
import { openScene } from './opening.ts';

const NOON = '2026-11-24T12:00:00Z';

describe('a job that is refused', () => {
  it('is noted, and the next occurrence is tried', async () => {
    const scene = await openScene('2026-11-24T11:59:00Z');
    await scene.queues.createQueue(newQueue('train'));
    await scene.create({ job: { entrypoint: 'true', queue: 'train' } });
    await scene.queues.changeQueue('train', (queue) => ({ ...queue, state: 'draining' }));
    await scene.passUntil('2026-11-24T12:01:00Z');
    expect(scene.service.schedule('hourly').progress).toMatchObject({
      lastOccurrence: { atMs: Date.parse(NOON), outcome: 'refused' },
      lastError: { code: 'QUEUE_DRAINING', message: "queue 'train' is being drained: it takes no new jobs" },
      counts: { started: 0, refused: 1 },
    });
    expect(scene.logged).toContain('the job of a schedule was refused');
    await scene.queues.changeQueue('train', (queue) => ({ ...queue, state: 'active' }));
    await scene.passUntil('2026-11-24T13:01:00Z');
    expect(await scene.started()).toEqual(['13:00']);
  });

  it('is logged when it begins, and not each time', async () => {
    const scene = await openScene('2026-11-24T11:59:00Z');
    await scene.queues.createQueue(newQueue('train'));
    await scene.create({ job: { entrypoint: 'true', queue: 'train' }, overlap: 'allow' });
    const told = () => scene.logged.filter((message) => message === 'the job of a schedule was refused').length;
    await scene.queues.changeQueue('train', (queue) => ({ ...queue, state: 'draining' }));
    await scene.passUntil('2026-11-24T14:01:00Z');
    expect(told()).toBe(1);
    await scene.queues.removeQueue('train');
    await scene.passUntil('2026-11-24T16:01:00Z');
    expect(told()).toBe(2);
    await scene.queues.createQueue(newQueue('train'));
    await scene.passUntil('2026-11-24T17:01:00Z');
    await scene.queues.removeQueue('train');
    await scene.passUntil('2026-11-24T18:01:00Z');
    expect(told()).toBe(3);
  });

  it('is noted as well where its queue is gone since', async () => {
    const scene = await openScene('2026-11-24T11:59:00Z');
    await scene.queues.createQueue(newQueue('train'));
    await scene.create({ job: { entrypoint: 'true', queue: 'train' } });
    await scene.queues.removeQueue('train');
    await scene.passUntil('2026-11-24T12:01:00Z');
    expect(scene.service.schedule('hourly').progress.lastError).toMatchObject({ code: 'UNKNOWN_QUEUE' });
    expect(await scene.started()).toEqual([]);
  });

  it('is refused when the schedule is created or changed, but for a queue that drains', async () => {
    const scene = await openScene('2026-11-24T11:59:00Z');
    await scene.queues.changeQueue('default', (queue) => ({ ...queue, state: 'draining' }));
    await scene.create();
    const job = { entrypoint: 'true', queue: 'nowhere' };
    await expect(scene.create({ name: 'other', job })).rejects.toMatchObject({ code: 'UNKNOWN_QUEUE' });
    const change = scene.service.change('hourly', (before) => ({ ...before, job }));
    await expect(change).rejects.toMatchObject({ code: 'UNKNOWN_QUEUE' });
    expect(scene.service.schedules()).toHaveLength(1);
  });
});

describe('a server that ends at the moment of an occurrence', () => {
  /** Loses its power right before or right behind the commit of a start. */
  function failing(when: 'before' | 'behind', isOn: () => boolean) {
    return (store: ScheduleStore): ScheduleStore => ({
      ...store,
      async start(...given) {
        if (!isOn()) return store.start(...given);
        if (when === 'behind') await store.start(...given);
        throw new Error('the server is gone');
      },
    });
  }

  it.each(['before', 'behind'] as const)('%s the commit: the next one neither loses nor doubles it', async (when) => {
    for (const missed of ['skip', 'run_all'] as const) {
      let isOn = true;
      const scene = await openScene(
        '2026-11-24T11:59:30Z',
        failing(when, () => isOn),
      );
      await scene.create({ missed });
      await scene.passUntil('2026-11-24T12:00:10Z');
      await scene.end();
      isOn = false;
      await scene.begin();
      expect(await scene.started()).toEqual(['12:00']);
      expect(scene.service.schedule('hourly').progress.counts).toMatchObject({ started: 1, missed: 0 });
      await scene.passUntil('2026-11-24T13:00:10Z');
      expect(await scene.started()).toEqual(['12:00', '13:00']);
      await scene.end();
    }
  });

  it('leaves one that knows less than the store, and submits nothing twice all the same', async () => {
    let isOn = true;
    const scene = await openScene(
      '2026-11-24T11:59:30Z',
      failing('behind', () => isOn),
    );
    await scene.create();
    await scene.passUntil('2026-11-24T12:00:10Z');
    isOn = false;
    await scene.passUntil('2026-11-24T12:00:50Z');
    expect(await scene.started()).toEqual(['12:00']);
    expect(scene.service.schedule('hourly').progress.counts.started).toBe(1);
    await scene.passUntil('2026-11-24T13:00:10Z');
    expect(await scene.started()).toEqual(['12:00', '13:00']);
  });
});

it('a full disk is waited for, and told once', async () => {
  let isFull = true;
  const scene = await openScene('2026-11-24T11:59:30Z', (store) => ({
    ...store,
    start: (...given) => (isFull ? Promise.reject(droverError('STORAGE_FULL', {})) : store.start(...given)),
  }));
  await scene.create();
  await scene.passUntil('2026-11-24T12:00:40Z');
  expect(await scene.started()).toEqual([]);
  isFull = false;
  await scene.passUntil('2026-11-24T12:01:00Z');
  expect(await scene.started()).toEqual(['12:00']);
  expect(scene.logged).toEqual(['a schedule cannot go on; trying again', 'a schedule can be recorded again']);
});

it('a schedule that a server does not understand any more keeps it from nothing', async () => {
  const scene = await openScene('2026-11-24T11:59:30Z');
  const { schedule, progress } = await scene.create();
  await scene.end();
  await scene.store.schedules.put({ ...schedule, timeZone: 'Mars/Olympus' }, progress);
  await scene.begin();
  expect(scene.service.schedule('hourly').progress.lastError).toMatchObject({ code: 'INVALID_SCHEDULE' });
  expect(scene.service.next('hourly', 3)).toEqual([]);
  await scene.service.change('hourly', (before) => ({ ...before, timeZone: 'UTC' }));
  await scene.passUntil('2026-11-24T12:00:10Z');
  expect(await scene.started()).toEqual(['12:00']);
});

it('a deleted schedule has no occurrence any more, and one of its name begins anew', async () => {
  const scene = await openScene('2026-11-24T11:30:00Z');
  await scene.create();
  await scene.passUntil('2026-11-24T12:01:00Z');
  await scene.service.remove('hourly');
  expect(() => scene.service.schedule('hourly')).toThrow("no schedule has the name 'hourly'");
  vi.advanceTimersByTime(3_600_000);
  await scene.create();
  await scene.settled();
  expect(await scene.started()).toEqual(['12:00']);
  expect(scene.service.schedule('hourly').progress.counts.started).toBe(0);
  await scene.passUntil('2026-11-24T14:01:00Z');
  expect(await scene.started()).toEqual(['12:00', '14:00']);
});

it('of two that create the same schedule at once one has it, and there is room for a thousand', async () => {
  const scene = await openScene('2026-11-24T11:30:00Z');
  const both = await Promise.allSettled([scene.create(), scene.create()]);
  expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  await expect(scene.create()).rejects.toMatchObject({ code: 'SCHEDULE_EXISTS' });
  await Promise.all(Array.from({ length: 999 }, (_, index) => scene.create({ name: `s${index}` })));
  await expect(scene.create({ name: 'one-more' })).rejects.toMatchObject({ code: 'TOO_MANY_SCHEDULES' });
});
