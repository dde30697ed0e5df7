import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeAttemptCgroups, removeUnusedParents } from '../../../src/engine/local/cgroups/attempt-cgroups.ts';
import { cgroupTree } from '../../../src/engine/local/cgroups/cgroup-tree.ts';
import { type CgroupMount, parseCgroupMounts } from '../../../src/engine/local/cgroups/mounts.ts';
import { openCgroups } from '../../../src/engine/local/cgroups/open-cgroups.ts';
import { makeV2Parents } from '../../../src/engine/local/cgroups/v2-parents.ts';
import { NO_RESOURCES } from '../../../src/job/resources.ts';
import { until } from '../until.ts';

describe('a v2 hierarchy with controllers, as the files of one', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'drover-v2-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function cgroup(path: string, controllers: string): void {
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'cgroup.controllers'), controllers);
  }

  const mount = (ownDirectory: string): CgroupMount => ({
    version: 2,
    controllers: [],
    mountPoint: root,
    ownDirectory,
  });

  it('gets parents with and without controllers at its top', () => {
    for (const path of ['', 'drover-x', 'drover-x/limited']) cgroup(join(root, path), 'cpu memory pids\n');
    const parents = makeV2Parents(mount(join(root, 'service')), 'drover-x');
    expect(parents).toMatchObject({ plain: join(root, 'drover-x/plain'), limited: join(root, 'drover-x/limited') });
    expect([...parents.controllers].sort()).toEqual(['cpu', 'memory']);
    for (const path of ['', 'drover-x', 'drover-x/limited']) {
      expect(readFileSync(join(root, path, 'cgroup.subtree_control'), 'utf8')).toMatch(/^\+(cpu|memory)$/);
    }
    expect(existsSync(join(root, 'drover-x/plain/cgroup.subtree_control'))).toBe(false);
  });

  it('says which controller is missing, and does with the other', () => {
    for (const path of ['', 'drover-x', 'drover-x/limited']) cgroup(join(root, path), 'cpu\n');
    const parents = makeV2Parents(mount(root), 'drover-x');
    expect([...parents.controllers]).toEqual(['cpu']);
    expect(parents.obstacle).toBe(`${root} has no memory controller`);
  });
});

describe('the hierarchies of this machine', () => {
  const mounts = parseCgroupMounts(
    readFileSync('/proc/self/mountinfo', 'utf8'),
    readFileSync('/proc/self/cgroup', 'utf8'),
  );
  const name = `drover-test-${process.pid}`;

  it.for([1, 2])('of version %i hold, limit and end the processes of an attempt', async (version, ctx) => {
    const { layout, obstacles } = openCgroups(
      mounts.filter((mount) => mount.version === version),
      name,
    );
    if (!layout) return ctx.skip(obstacles.join('; '));
    const child = spawn(
      '/bin/sh',
      [
        '-c',
        'read -r _; for file; do echo 0 >"$file" || exit; done; trap "" TERM; (setsid sleep 1000 &); echo in; sleep 1000',
        'sh',
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const directories = makeAttemptCgroups(layout, 'one', { ...NO_RESOURCES, memoryBytes: 64 * 1024 ** 2, cpus: 1 });
    try {
      expect(directories.every((directory) => existsSync(directory))).toBe(true);
      for (const directory of directories) writeFileSync(join(directory, 'cgroup.procs'), String(child.pid));
      child.stdin.write('\n');
      await new Promise((resolve) => child.stdout.once('data', resolve));
      const tree = cgroupTree(directories);
      expect(await tree.isEmpty()).toBe(false);
      await tree.kill();
      await until('tree empty', () => tree.isEmpty());
      expect(directories.some((directory) => existsSync(directory))).toBe(false);
    } finally {
      child.kill('SIGKILL');
      removeUnusedParents(layout);
    }
    expect(layout.parents.some((parent) => existsSync(parent))).toBe(false);
  });

  it('are said to be missing where there are none', () => {
    expect(openCgroups([], name)).toEqual({ layout: null, obstacles: ['no cgroup file system is mounted'] });
  });
});
