import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findCapacity } from '../../../src/engine/local/capacity/capacity.ts';
import type { CgroupMount } from '../../../src/engine/local/cgroups/mounts.ts';

describe('findCapacity', () => {
  let root: string;
  let own: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'drover-capacity-'));
    own = join(root, 'outer', 'own');
    mkdirSync(own, { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const nothing = { cpus: null, memoryBytes: null, gpuIds: null, custom: {} };
  const mount = (version: 1 | 2, controllers: string[] = []): CgroupMount => ({
    version,
    controllers,
    mountPoint: root,
    ownDirectory: own,
  });

  it('is what was configured', () => {
    const configured = { cpus: 3, memoryBytes: 5, gpuIds: ['a'], custom: { NPU: 2 } };
    expect(findCapacity(configured, [])).toEqual(configured);
  });

  it('is what the machine has, without limits around the server', () => {
    writeFileSync(join(own, 'cpu.max'), 'max 100000\n');
    writeFileSync(join(own, 'memory.max'), 'max\n');
    const { cpus, memoryBytes } = findCapacity(nothing, [mount(2)]);
    expect(cpus).toBeGreaterThanOrEqual(1);
    expect(memoryBytes).toBe(totalmem());
  });

  it('is the narrowest limit of v2, wherever above the server it stands', () => {
    writeFileSync(join(own, 'cpu.max'), '90000 100000\n');
    writeFileSync(join(root, 'outer', 'cpu.max'), '25000 50000\n');
    writeFileSync(join(root, 'outer', 'memory.max'), '1000000\n');
    expect(findCapacity(nothing, [mount(2)])).toMatchObject({ cpus: 0.5, memoryBytes: 1_000_000 });
  });

  it('is the narrowest limit of v1', () => {
    writeFileSync(join(own, 'cpu.cfs_quota_us'), '-1\n');
    writeFileSync(join(own, 'cpu.cfs_period_us'), '100000\n');
    writeFileSync(join(root, 'cpu.cfs_quota_us'), '70000\n');
    writeFileSync(join(root, 'cpu.cfs_period_us'), '100000\n');
    writeFileSync(join(own, 'memory.limit_in_bytes'), '2000000\n');
    writeFileSync(join(root, 'memory.limit_in_bytes'), '9223372036854771712\n');
    expect(findCapacity(nothing, [mount(1, ['cpu', 'memory'])])).toMatchObject({ cpus: 0.7, memoryBytes: 2_000_000 });
  });
});
