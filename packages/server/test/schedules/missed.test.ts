import { describe, expect, it, vi } from 'vitest';
import { openScene } from './opening.ts';

/** A server that was away from 09:30 to 14:20, with a schedule of every hour. */
async function awayScene(fields: Parameters<Awaited<ReturnType<typeof openScene>>['create']>[0]) {
  const scene = await openScene('2026-11-24T09:10:00Z');
  await scene.create(fields);
  await scene.passUntil('2026-11-24T09:30:00Z');
  await scene.end();
  vi.setSystemTime(new Date('2026-11-24T14:20:00Z'));
  await scene.begin();
  return scene;
}

describe('what was due while no server ran', () => {
  it('is not made up for by default, but told', async () => {
    const scene = await awayScene({});
    expect(await scene.started()).toEqual([]);
    expect(scene.service.schedule('hourly').progress).toMatchObject({
      lastOccurrence: { atMs: Date.parse('2026-11-24T14:00:00Z'), outcome: 'missed' },
      counts: { started: 0, missed: 5 },
    });
    expect(scene.logged).toContain('occurrences of a schedule were missed');
    await scene.passUntil('2026-11-24T15:10:00Z');
    expect(await scene.started()).toEqual(['15:00']);
  });

  it('runs once', async () => {
    const scene = await awayScene({ missed: 'run_once' });
    expect(await scene.started()).toEqual(['14:00']);
    expect(scene.service.schedule('hourly').progress.counts).toMatchObject({ started: 1, missed: 4 });
  });

  it('runs all of it, each for its own moment', async () => {
    const scene = await awayScene({ missed: 'run_all' });
    expect(await scene.started()).toEqual(['10:00', '11:00', '12:00', '13:00', '14:00']);
    expect(scene.service.schedule('hourly').progress.counts).toMatchObject({ started: 5, missed: 0 });
    await scene.end();
    await scene.begin();
    expect(await scene.started()).toHaveLength(5);
  });

  it('runs all that lies in the window', async () => {
    const scene = await awayScene({ missed: 'run_all', missedWindowMs: 2 * 3_600_000 });
    expect(await scene.started()).toEqual(['13:00', '14:00']);
    expect(scene.service.schedule('hourly').progress.counts).toMatchObject({ started: 2, missed: 3 });
  });

  it('runs one after another where jobs must not overlap', async () => {
    for (const overlap of ['skip', 'replace'] as const) {
      const scene = await awayScene({ missed: 'run_all', overlap });
      const jobs = await scene.jobs();
      expect(jobs).toHaveLength(5);
      expect(jobs.map(({ spec }) => spec.after ?? [])).toEqual([
        [],
        ...jobs.slice(0, 4).map(({ id }) => [{ jobId: id, condition: 'ended' }]),
      ]);
      expect(jobs.every(({ stop }) => stop === null)).toBe(true);
      await scene.end();
    }
  });

  it('runs the newest hundred of very many, and counts the rest', async () => {
    const scene = await openScene('2026-11-24T00:00:00Z');
    await scene.create({ cron: '* * * * * *', missed: 'run_all' });
    await scene.end();
    vi.setSystemTime(new Date('2026-11-24T00:10:00Z'));
    await scene.begin();
    const moments = (await scene.jobs()).map(({ spec }) => ((spec.schedule?.atMs ?? 0) - Date.now()) / 1_000);
    // Those of the last minute are on time.
    expect(moments).toEqual(Array.from({ length: 161 }, (_, index) => index - 160));
    expect(scene.service.schedule('hourly').progress.counts).toMatchObject({ started: 161, missed: 600 - 161 });
  });

  it('is counted up to a number, however long it was', async () => {
    const scene = await openScene('2026-11-24T00:00:00Z');
    await scene.create({ cron: '* * * * * *', missed: 'run_once' });
    await scene.end();
    vi.setSystemTime(new Date('2027-11-24T00:00:00Z'));
    await scene.begin();
    expect(scene.service.schedule('hourly').progress.counts.missed).toBeGreaterThanOrEqual(10_000);
    expect((await scene.jobs()).at(-1)?.spec.schedule?.atMs).toBe(Date.parse('2027-11-24T00:00:00Z'));
  });

  it('is nothing to a schedule that was paused, or became another', async () => {
    const scene = await awayScene({ missed: 'run_all', isPaused: true });
    await scene.service.change('hourly', (before) => ({ ...before, isPaused: false }));
    await scene.settled();
    expect(await scene.started()).toEqual([]);
    await scene.service.change('hourly', (before) => ({ ...before, cron: '*/30 * * * *' }));
    await scene.passUntil('2026-11-24T14:40:00Z');
    expect(await scene.started()).toEqual(['14:30']);
    expect(scene.service.schedule('hourly').progress.counts.missed).toBe(0);
  });
});

it('a server that is started anew within a minute misses nothing', async () => {
  const scene = await openScene('2026-11-24T09:59:50Z');
  await scene.create();
  await scene.end();
  vi.setSystemTime(new Date('2026-11-24T10:00:30Z'));
  await scene.begin();
  expect(await scene.started()).toEqual(['10:00']);
});
