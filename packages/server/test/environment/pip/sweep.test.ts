import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asked, NEVER, preparing } from '../preparing.ts';
import { fakePython } from './fake-python.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('a sweep of the cache', () => {
  it('removes what builds of a killed server left, and touches nothing else', async () => {
    const python = await fakePython();
    const first = await preparing(python.search);
    await first.preparer.prepareShared(asked({ pip: ['six'] }), NEVER);
    const [published = ''] = await first.builds();
    const halfMade = `${published.slice(0, 32)}-0123456789ab`;
    await mkdir(join(first.cacheDir, halfMade, 'venv'), { recursive: true });
    await writeFile(join(first.cacheDir, 'README'), 'not ours');
    const { preparer, builds } = first.restarted();
    await preparer.sweep([]);
    expect(await builds()).toEqual([published]);
    await preparer.prepareShared(asked({ pip: ['six'] }), NEVER);
    expect(await python.calls()).toEqual(['venv', 'install six', 'check']);
    await rm(join(first.cacheDir, 'README'));
  });

  it('works where there is no cache yet', async () => {
    const { preparer, builds } = await preparing({ found: false, reason: 'none' });
    await preparer.sweep([]);
    expect(await builds()).toEqual([]);
  });

  it('leaves an installation alone that is going on', async () => {
    const python = await fakePython();
    const { preparer, builds } = await preparing(python.search);
    const building = preparer.prepareShared(asked({ pip: ['gated'] }), NEVER);
    await expect.poll(() => python.calls()).toContain('install gated');
    await preparer.sweep([]);
    expect(await builds()).toHaveLength(1);
    await python.openGate();
    await building;
  });

  it('removes what no attempt used for long; an attempt that wants it gets it anew', async () => {
    const python = await fakePython();
    let nowMs = Date.now();
    const { preparer, builds, attempt } = await preparing(python.search, { now: () => nowMs, cacheMaxAgeMs: DAY_MS });
    await preparer.prepareShared(asked({ pip: ['old'] }), NEVER);
    await preparer.prepareShared(asked({ pip: ['used'] }), NEVER);
    nowMs += 0.6 * DAY_MS;
    await preparer.prepareAttempt(asked({ pip: ['used'] }), await attempt('a1'), NEVER);
    nowMs += 0.6 * DAY_MS;
    await preparer.sweep([]);
    expect(await builds()).toHaveLength(1);
    const ready = await preparer.prepareAttempt(asked({ pip: ['old'] }), await attempt('a2'), NEVER);
    expect(await builds()).toHaveLength(2);
    expect(ready.variables.VIRTUAL_ENV).toMatch(/^\/.*\/venv$/);
  });

  it('keeps what a living attempt uses however old it is, also under another interpreter', async () => {
    const python = await fakePython();
    let nowMs = Date.now();
    const options = { now: () => nowMs, cacheMaxAgeMs: DAY_MS };
    const first = await preparing(python.search, options);
    const attemptDirectory = await first.attempt('a1');
    await first.preparer.prepareAttempt(asked({ pip: ['six'] }), attemptDirectory, NEVER);
    nowMs += 100 * DAY_MS;
    const second = first.restarted({ interpreter: (await fakePython()).search });
    await second.preparer.sweep([attemptDirectory, await first.attempt('without-environment')]);
    expect(await second.builds()).toHaveLength(1);
    await second.preparer.sweep([]);
    expect(await second.builds()).toEqual([]);
  });

  it('removes the one that was replaced because its interpreter is gone', async () => {
    const python = await fakePython();
    const first = await preparing(python.search);
    await first.preparer.prepareShared(asked({ pip: ['six'] }), NEVER);
    const [stale = ''] = await first.builds();
    const programs = join(first.cacheDir, stale, 'venv', 'bin');
    await chmod(programs, 0o700);
    await rm(join(programs, 'python'));
    const { preparer, builds, restarted } = first.restarted();
    await preparer.prepareShared(asked({ pip: ['six'] }), NEVER);
    expect(await builds()).toHaveLength(2);
    await restarted().preparer.sweep([]);
    expect(await builds()).toHaveLength(1);
    expect(await builds()).not.toContain(stale);
  });
});
