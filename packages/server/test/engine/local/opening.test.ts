import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeLimits, warnOfLimits } from '../../../src/engine/local/describe-limits.ts';
import { createNews } from '../news.ts';
import { openEngine } from './open-engine.ts';

describe('opening the local engine', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'drover-opening-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is refused in a sentence where there is no setsid', async () => {
    await expect(openEngine(folder, createNews(), { environment: { PATH: folder } })).rejects.toThrow(
      /^no driver can be started: there is no setsid\(1\), which is part of util-linux, in PATH$/,
    );
  });

  it('is refused where setsid is another one', async () => {
    writeFileSync(join(folder, 'setsid'), '#!/bin/sh\necho "setsid: unrecognized option: f" >&2; exit 1\n');
    chmodSync(join(folder, 'setsid'), 0o755);
    await expect(openEngine(folder, createNews(), { environment: { PATH: folder } })).rejects.toThrow(
      'does not do what is needed (setsid: unrecognized option: f)',
    );
  });

  it('is refused where there is no shell', async () => {
    const shell = join(folder, 'sh');
    await expect(openEngine(folder, createNews(), { shell })).rejects.toThrow(`${shell} cannot be run`);
  });

  it('warns where logs cannot be capped', async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'fallocate'), '#!/bin/sh\necho "fallocate: Operation not supported" >&2; exit 1\n');
    chmodSync(join(bin, 'fallocate'), 0o755);
    const path = process.env.PATH;
    process.env.PATH = `${bin}:${path}`;
    const engine = await openEngine(folder, createNews()).finally(() => {
      process.env.PATH = path;
    });
    await engine.close();
    expect(engine.describe().logLimit).toMatch(/^none, logs are left whole: .*Operation not supported/s);
    expect(engine.describe().warnings).toContainEqual(expect.stringMatching(/^logs are not capped: /));
  });

  it('warns of nothing that was switched off', async () => {
    const engine = await openEngine(folder, createNews(), { cgroups: 'off' });
    await engine.close();
    expect(engine.describe().memoryLimit).toMatch(/^not enforced/);
    expect(engine.describe().warnings.filter((warning) => warning.includes('limits'))).toEqual([]);
  });

  it('warns of limits that are not enforced, and says why', () => {
    expect(warnOfLimits('auto', null, ['EROFS: read-only file system'])).toEqual([
      'limits of memory and processor time are not enforced: no cgroup can be used (EROFS: read-only file system)',
    ]);
    const layout = {
      parents: [],
      membership: '/c',
      membershipWithLimits: '/c',
      memory: { kind: 'none', reason: 'no hierarchy has the controller' },
      cpu: { kind: 'separate', parent: '/cpu' },
    } as const;
    expect(warnOfLimits('auto', layout, [])).toEqual([
      'limits of memory are not enforced: no hierarchy has the controller',
    ]);
    expect(describeLimits(layout, []).cpuLimit).toBe('enforced by cgroups in /cpu');
  });
});
