import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { attemptPaths } from '../../../src/engine/attempt-directory.ts';
import type { AttemptOrder } from '../../../src/engine/engine.ts';
import type { LocalEngine } from '../../../src/engine/local/local-engine.ts';
import { cgroupsOfOrder } from '../../../src/engine/order/order-file.ts';
import { createNews, type News } from '../news.ts';
import { fixture, handleOf, orderFor } from '../orders.ts';
import { until } from '../until.ts';
import { openEngine } from './open-engine.ts';

let folder: string;
let engine: LocalEngine;
let news: News;

async function open(cgroups: 'auto' | 'off' = 'auto'): Promise<void> {
  news = createNews();
  engine = await openEngine(folder, news, { cgroups });
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drover-halted-'));
});

afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Hands it over, and waits until it has said so. */
async function begin(order: AttemptOrder): Promise<number> {
  await engine.handOver(order);
  const { driverPid } = await news.of(order.attemptId, 'started');
  const { log } = attemptPaths(folder, order.attemptId);
  await until('ready', () => existsSync(log) && readFileSync(log, 'utf8').includes('ready\n'));
  return driverPid;
}

describe.each(['auto', 'off'] as const)('a driver that is stopped (cgroups: %s)', (cgroups) => {
  it('ends by its own decision when it is asked to', async () => {
    await open(cgroups);
    const order = orderFor(fixture('end-on-term.sh'));
    const pid = await begin(order);
    process.kill(pid, 'SIGSTOP');
    await until('stopped', () => /^State:\tT/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')));
    engine.stop(order.attemptId, 60_000);
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 7 });
  });

  it('is killed where there is no grace', async () => {
    await open(cgroups);
    const order = orderFor(fixture('ignore-term.sh'));
    process.kill(await begin(order), 'SIGSTOP');
    engine.stop(order.attemptId, 0);
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 137 });
  });
});

describe('a driver that is frozen', () => {
  /** Freezes an attempt, as a server does that is about to kill it. */
  async function freeze(ctx: TestContext, order: AttemptOrder): Promise<string> {
    const [directory = ''] = cgroupsOfOrder(attemptPaths(folder, order.attemptId).order);
    const state = join(directory, 'freezer.state');
    if (!existsSync(state)) {
      engine.stop(order.attemptId, 0);
      await news.endOf(order.attemptId);
      ctx.skip(`processes are held without a v1 freezer: ${engine.describe().membership}`);
    }
    writeFileSync(state, 'FROZEN');
    await until('frozen', () => readFileSync(state, 'utf8') === 'FROZEN\n');
    return directory;
  }

  it('by a server that died before it thawed it: the next one asks it to end, and it does', async (ctx) => {
    await open();
    const order = orderFor(fixture('end-on-term.sh'));
    await begin(order);
    await freeze(ctx, order);
    await engine.close();
    await open();
    engine.follow(handleOf(order, engine.bootId, true));
    engine.stop(order.attemptId, 60_000);
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 7 });
  });

  it('with SIGKILL sent already: it dies', async (ctx) => {
    await open();
    const order = orderFor(fixture('ignore-term.sh'));
    const pid = await begin(order);
    await freeze(ctx, order);
    process.kill(pid, 'SIGKILL');
    await engine.close();
    await open();
    engine.follow(handleOf(order, engine.bootId, true));
    engine.stop(order.attemptId, 60_000);
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 137 });
  });

  it('in a cgroup of its own inside: it is killed there', async (ctx) => {
    await open();
    const order = orderFor(fixture('ignore-term.sh'));
    const pid = await begin(order);
    const directory = await freeze(ctx, order);
    writeFileSync(join(directory, 'freezer.state'), 'THAWED');
    const inner = join(directory, 'inner');
    mkdirSync(inner);
    writeFileSync(join(inner, 'cgroup.procs'), String(pid));
    writeFileSync(join(inner, 'freezer.state'), 'FROZEN');
    engine.stop(order.attemptId, 0);
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 137 });
    expect(existsSync(inner)).toBe(false);
  });

  it('in the middle of a kill when the server ends: it is thawed first', async (ctx) => {
    await open();
    const order = orderFor(fixture('hop.sh', '100000'), { graceMs: 100 });
    await begin(order);
    const directory = await freeze(ctx, order);
    engine.stop(order.attemptId, 0);
    const state = join(directory, 'freezer.state');
    await engine.close();
    expect(existsSync(state) ? readFileSync(state, 'utf8') : 'THAWED\n').toBe('THAWED\n');
    await open();
    engine.follow(handleOf(order, engine.bootId, true));
    engine.stop(order.attemptId, 0);
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended' });
  });
});
