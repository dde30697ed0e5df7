import { describe, expect, it, vi } from 'vitest';
import { openScene } from './opening.ts';

describe('a schedule', () => {
  it('has one job for each occurrence, at its time, with the moment that it is for', async () => {
    const scene = await openScene('2026-11-24T09:30:00Z');
    await scene.create();
    await scene.passUntil('2026-11-24T12:10:00Z');
    expect(await scene.started()).toEqual(['10:00', '11:00', '12:00']);
    const [first] = await scene.jobs();
    expect(first).toMatchObject({ tenant: 'default', door: 'native', status: 'PENDING' });
    expect(scene.service.schedule('hourly').progress).toMatchObject({
      lastOccurrence: { atMs: Date.parse('2026-11-24T12:00:00Z'), outcome: 'started' },
      lastJobId: (await scene.jobs()).at(-1)?.id,
      counts: { started: 3, skipped: 0, missed: 0, refused: 0 },
    });
  });

  it('comes round every second where it says so', async () => {
    const scene = await openScene('2026-11-24T09:30:00Z');
    await scene.create({ cron: '*/10 * * * * *' });
    await scene.passUntil('2026-11-24T09:31:00Z');
    expect((await scene.jobs()).map(({ spec }) => spec.schedule?.atMs)).toEqual(
      [10, 20, 30, 40, 50, 60].map((seconds) => Date.parse('2026-11-24T09:30:00Z') + seconds * 1_000),
    );
  });

  it('begins with its start, and is over with its end', async () => {
    const scene = await openScene('2026-11-24T09:30:00Z');
    await scene.create({ startMs: Date.parse('2026-11-24T11:00:00Z'), endMs: Date.parse('2026-11-24T13:00:00Z') });
    expect(scene.service.next('hourly', 5)).toHaveLength(2);
    await scene.passUntil('2026-11-24T15:00:00Z');
    expect(await scene.started()).toEqual(['11:00', '12:00']);
    expect(scene.service.next('hourly', 5)).toEqual([]);
    const over = await scene.service.change('hourly', (before) => ({ ...before, overlap: 'skip' }));
    expect(over.schedule.overlap).toBe('skip');
  });
});

describe('a clock that is set', () => {
  it('back does not start an occurrence twice', async () => {
    const scene = await openScene('2026-11-24T09:30:00Z');
    await scene.create();
    await scene.passUntil('2026-11-24T10:10:00Z');
    expect(await scene.started()).toEqual(['10:00']);
    vi.setSystemTime(new Date('2026-11-24T09:40:00Z'));
    await scene.passUntil('2026-11-24T10:30:00Z');
    expect(await scene.started()).toEqual(['10:00']);
    await scene.passUntil('2026-11-24T11:10:00Z');
    expect(await scene.started()).toEqual(['10:00', '11:00']);
  });

  it('back, with another server at the same time, does neither', async () => {
    const scene = await openScene('2026-11-24T09:30:00Z');
    await scene.create({ missed: 'run_all' });
    await scene.passUntil('2026-11-24T11:10:00Z');
    await scene.end();
    vi.setSystemTime(new Date('2026-11-24T09:40:00Z'));
    await scene.begin();
    await scene.passUntil('2026-11-24T12:10:00Z');
    expect(await scene.started()).toEqual(['10:00', '11:00', '12:00']);
  });

  it('forward leads to missed occurrences, by their rule', async () => {
    const scene = await openScene('2026-11-24T09:30:00Z');
    await scene.create({ missed: 'run_once' });
    vi.setSystemTime(new Date('2026-11-24T13:30:00Z'));
    await scene.passUntil('2026-11-24T13:32:00Z');
    expect(await scene.started()).toEqual(['13:00']);
    expect(scene.service.schedule('hourly').progress.counts).toMatchObject({ started: 1, missed: 3 });
  });

  it('far ahead by mistake, and back, leaves a schedule that goes on', async () => {
    const scene = await openScene('2026-11-24T09:30:00Z');
    await scene.create();
    vi.setSystemTime(new Date('2026-12-24T09:30:00Z'));
    await scene.passUntil('2026-12-24T09:32:00Z');
    expect(scene.service.schedule('hourly').progress.counts).toMatchObject({ started: 0, missed: 720 });
    vi.setSystemTime(new Date('2026-11-24T09:32:00Z'));
    await scene.passUntil('2026-11-24T10:10:00Z');
    expect(await scene.started()).toEqual(['10:00']);
  });

  it('a little forward misses nothing', async () => {
    const scene = await openScene('2026-11-24T09:59:30Z');
    await scene.create();
    vi.setSystemTime(new Date('2026-11-24T10:00:10Z'));
    await scene.passUntil('2026-11-24T10:02:00Z');
    expect(await scene.started()).toEqual(['10:00']);
    expect(scene.service.schedule('hourly').progress.counts.missed).toBe(0);
  });
});

describe('in Berlin', () => {
  const timeZone = 'Europe/Berlin';

  it('the night without 02:30 has its job at the end of the gap', async () => {
    const scene = await openScene('2026-03-28T23:30:00Z');
    await scene.create({ cron: '30 2 * * *', timeZone });
    await scene.passUntil('2026-03-29T04:00:00Z');
    expect(await scene.started()).toEqual(['01:00']);
  });

  it('the night with two 02:30 has one job, although the clock on the wall goes back', async () => {
    const scene = await openScene('2026-10-24T22:30:00Z');
    await scene.create({ cron: '30 2 * * *', timeZone });
    await scene.passUntil('2026-10-25T04:00:00Z');
    expect(await scene.started()).toEqual(['00:30']);
  });

  it('every hour is every hour in both nights', async () => {
    const scene = await openScene('2026-10-24T22:30:00Z');
    await scene.create({ timeZone });
    await scene.passUntil('2026-10-25T03:10:00Z');
    expect(await scene.started()).toEqual(['23:00', '00:00', '01:00', '02:00', '03:00']);
  });
});
