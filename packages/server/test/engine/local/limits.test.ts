import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { attemptPaths } from '../../../src/engine/attempt-directory.ts';
import type { LocalEngine } from '../../../src/engine/local/local-engine.ts';
import { cgroupsOfOrder } from '../../../src/engine/order/order-file.ts';
import { NO_RESOURCES } from '../../../src/job/resources.ts';
import { createNews, type News } from '../news.ts';
import { fixture, handleOf, orderFor } from '../orders.ts';
import { until } from '../until.ts';
import { openEngine } from './open-engine.ts';

const MIB = 1024 ** 2;

describe('limits by cgroups', () => {
  let folder: string;
  let engine: LocalEngine;
  let news: News;

  async function open(): Promise<void> {
    news = createNews();
    engine = await openEngine(folder, news, { strayCgroupsAfterMs: 100 });
  }

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'drover-limits-'));
    await open();
  });

  afterEach(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function skipUnlessEnforced(ctx: TestContext, what: 'memoryLimit' | 'cpuLimit'): void {
    const description = engine.describe()[what];
    if (!description.startsWith('enforced')) ctx.skip(`${what} ${description}`);
  }

  function membershipParent(ctx: TestContext): string {
    const { membership } = engine.describe();
    if (!membership.startsWith('cgroups in ')) ctx.skip(membership);
    return membership.slice('cgroups in '.length);
  }

  it('names an out-of-memory kill as such', async (ctx) => {
    skipUnlessEnforced(ctx, 'memoryLimit');
    const order = orderFor(fixture('fill-memory.sh'), { resources: { ...NO_RESOURCES, memoryBytes: 48 * MIB } });
    await engine.handOver(order);
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 137, outOfMemory: true });
  });

  it('still knows of an out-of-memory kill that happened while no server ran', async (ctx) => {
    skipUnlessEnforced(ctx, 'memoryLimit');
    const released = join(folder, 'released');
    const order = orderFor(`echo ready; while ! [ -e '${released}' ]; do sleep 0.02; done; tail /dev/zero; exit 3`, {
      resources: { ...NO_RESOURCES, memoryBytes: 48 * MIB },
    });
    await engine.handOver(order);
    await news.of(order.attemptId, 'started');
    await engine.close();
    mkdirSync(released);
    const { record } = attemptPaths(folder, order.attemptId);
    await until('end line', () => readFileSync(record, 'utf8').includes('end 3 .\n'));
    await open();
    engine.follow(handleOf(order, engine.bootId, true));
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 3, outOfMemory: true });
  });

  it('still knows of it when a server dies between removing the cgroup and telling', async (ctx) => {
    skipUnlessEnforced(ctx, 'memoryLimit');
    const order = orderFor(fixture('fill-memory.sh'), { resources: { ...NO_RESOURCES, memoryBytes: 48 * MIB } });
    await engine.handOver(order);
    const first = await news.of(order.attemptId, 'ended');
    // What it told was never committed, and the cgroup is gone.
    const { order: orderPath } = attemptPaths(folder, order.attemptId);
    expect(cgroupsOfOrder(orderPath).filter((directory) => existsSync(directory))).toEqual([]);
    await engine.close();
    await open();
    engine.follow(handleOf(order, engine.bootId, true));
    const again = await news.of(order.attemptId, 'ended');
    expect(again).toMatchObject({ exitCode: 137, outOfMemory: true });
    expect(Math.abs(again.endedAtMs - first.endedAtMs)).toBeLessThanOrEqual(1);
  });

  it('does not take an ordinary end for one', async (ctx) => {
    skipUnlessEnforced(ctx, 'memoryLimit');
    const order = orderFor('exit 137', { resources: { ...NO_RESOURCES, memoryBytes: 48 * MIB } });
    await engine.handOver(order);
    expect(await news.endOf(order.attemptId)).toMatchObject({ exitCode: 137, outOfMemory: false });
  });

  it('gives a driver no more processor time than its cores', async (ctx) => {
    skipUnlessEnforced(ctx, 'cpuLimit');
    const order = orderFor("cat /proc/self/cgroup; sh -c 'while :; do :; done' & sleep 1; kill $!; wait; times", {
      resources: { ...NO_RESOURCES, cpus: 0.25 },
    });
    await engine.handOver(order);
    await news.endOf(order.attemptId);
    const log = readFileSync(attemptPaths(folder, order.attemptId).log, 'utf8');
    const childrenSeconds = Number(/0m([\d.]+)s 0m[\d.]+s\n$/.exec(log)?.[1]);
    expect(childrenSeconds).toBeGreaterThan(0);
    expect(childrenSeconds).toBeLessThan(0.6);
  });

  it('makes no cgroup for a limit that is not asked for, and leaves none behind', async (ctx) => {
    const parent = membershipParent(ctx);
    const order = orderFor('cat /proc/self/cgroup; sleep 0.1');
    await engine.handOver(order);
    expect(cgroupsOfOrder(attemptPaths(folder, order.attemptId).order)).toEqual([join(parent, `a-${order.attemptId}`)]);
    await news.endOf(order.attemptId);
    expect(readFileSync(attemptPaths(folder, order.attemptId).log, 'utf8')).toContain(`a-${order.attemptId}\n`);
    expect(readdirSync(parent).filter((name) => name.startsWith('a-'))).toEqual([]);
    await engine.close();
    expect(existsSync(parent)).toBe(false);
  });

  it('removes cgroups that a driver made inside its own', async (ctx) => {
    const own = (order: { attemptId: string }) => join(membershipParent(ctx), `a-${order.attemptId}`);
    const order = orderFor('true');
    const entrypoint = `mkdir -p '${own(order)}/inner/most' && sh -c 'echo 0 >"$1" && exec setsid sleep 1000' sh '${own(order)}/inner/most/cgroup.procs' & sleep 0.2`;
    await engine.handOver({ ...order, entrypoint, graceMs: 100 });
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 0 });
    expect(existsSync(own(order))).toBe(false);
  });

  it('removes cgroups of attempts that nobody follows, and those only', async (ctx) => {
    const parent = membershipParent(ctx);
    const stray = join(parent, 'a-stray');
    const order = orderFor('sleep 1000', { graceMs: 100 });
    await engine.handOver(order);
    await news.of(order.attemptId, 'started');
    mkdirSync(stray);
    await engine.close();
    await open();
    engine.follow(handleOf(order, engine.bootId, true));
    await until('stray cgroup gone', () => !existsSync(stray));
    expect(existsSync(join(parent, `a-${order.attemptId}`))).toBe(true);
    engine.stop(order.attemptId, 0);
    await news.endOf(order.attemptId);
  });

  it('refuses to run a driver that cannot enter its cgroup, and says so', async (ctx) => {
    const parent = membershipParent(ctx);
    const pid = engine.launcherPid();
    if (pid === null) throw new Error('there is no launcher');
    process.kill(pid, 'SIGSTOP');
    const order = orderFor('echo ran');
    await engine.handOver(order);
    // As another's clean-up might: a cgroup is removed by rmdir alone.
    rmdirSync(join(parent, `a-${order.attemptId}`));
    process.kill(pid, 'SIGCONT');
    expect(await news.endOf(order.attemptId)).toMatchObject({
      kind: 'ended',
      exitCode: 125,
      startFailure: expect.stringContaining('cgroup'),
    });
    expect(news.all).toHaveLength(1);
  });
});
