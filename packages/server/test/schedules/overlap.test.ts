import { describe, expect, it } from 'vitest';
import { openScene } from './opening.ts';

describe('while a job of the schedule has not ended', () => {
  it('an occurrence is skipped, and the next one is tried', async () => {
    const scene = await openScene('2026-11-24T09:30:00Z');
    await scene.create({ overlap: 'skip' });
    await scene.passUntil('2026-11-24T11:10:00Z');
    expect(await scene.started()).toEqual(['10:00']);
    expect(scene.service.schedule('hourly').progress).toMatchObject({
      lastOccurrence: { atMs: Date.parse('2026-11-24T11:00:00Z'), outcome: 'skipped' },
      counts: { started: 1, skipped: 1 },
    });
    await scene.endJob((await scene.jobs())[0]);
    await scene.passUntil('2026-11-24T12:10:00Z');
    expect(await scene.started()).toEqual(['10:00', '12:00']);
  });

  it('another is submitted where that is allowed', async () => {
    const scene = await openScene('2026-11-24T09:30:00Z');
    await scene.create({ overlap: 'allow' });
    await scene.passUntil('2026-11-24T11:10:00Z');
    expect(await scene.started()).toEqual(['10:00', '11:00']);
    expect((await scene.jobs()).every(({ stop, spec }) => stop === null && spec.after === undefined)).toBe(true);
  });

  it('it is replaced: stopped, and the new one waits for its end', async () => {
    const scene = await openScene('2026-11-24T09:30:00Z');
    await scene.create({ overlap: 'replace', job: { entrypoint: 'true', after: [] } });
    await scene.passUntil('2026-11-24T11:10:00Z');
    const [first, second] = await scene.jobs();
    expect(first?.stop).not.toBeNull();
    expect(second?.spec.after).toEqual([{ jobId: first?.id, condition: 'ended' }]);
    expect(second?.stop).toBeNull();
  });

  it('is stopped by the next server where the one before could not do it any more', async () => {
    const scene = await openScene('2026-11-24T09:30:00Z');
    await scene.create({ overlap: 'replace' });
    await scene.passUntil('2026-11-24T10:10:00Z');
    await scene.end();
    const [running] = await scene.jobs();
    // As it is where a server was killed right behind the commit.
    const { progress } = scene.service.schedule('hourly');
    await scene.store.schedules.saveProgress('hourly', { ...progress, toStop: [running?.id ?? '', 'deleted-since'] });
    await scene.begin();
    expect((await scene.jobs())[0]?.stop).not.toBeNull();
    expect(scene.logged).toEqual([]);
  });

  it('a job that was asked for by hand counts like one of an occurrence', async () => {
    const scene = await openScene('2026-11-24T09:30:00Z');
    await scene.create({ overlap: 'skip' });
    const traceParent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), isSampled: true };
    await scene.service.run('hourly', null, { traceParent });
    expect((await scene.jobs())[0]?.spec).toMatchObject({ traceParent, schedule: { name: 'hourly', atMs: null } });
    await scene.passUntil('2026-11-24T10:10:00Z');
    expect(await scene.started()).toEqual(['by hand']);
    expect(scene.service.schedule('hourly').progress.counts.skipped).toBe(1);
  });
});
