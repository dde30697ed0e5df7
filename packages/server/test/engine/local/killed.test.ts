import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptPaths } from '../../../src/engine/attempt-directory.ts';
import type { LocalEngine } from '../../../src/engine/local/local-engine.ts';
import { isAlive, readProcess } from '../../../src/engine/local/processes/process-entry.ts';
import { readRecord } from '../../../src/engine/record/read-record.ts';
import { createNews, type News } from '../news.ts';
import { fixture, handleOf, orderFor } from '../orders.ts';
import { until } from '../until.ts';
import { type KillableServer, startServer } from './killed-server.ts';
import { openEngine } from './open-engine.ts';

describe.each(['auto', 'off'] as const)('a server killed with SIGKILL, cgroups %s', (cgroups) => {
  let folder: string;
  let server: KillableServer;
  let engine: LocalEngine | null = null;
  let news: News;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'drover-killed-'));
    server = await startServer(folder, cgroups);
  });

  afterEach(async () => {
    await engine?.close();
    engine = null;
    rmSync(folder, { recursive: true, force: true });
  });

  async function reopen(): Promise<LocalEngine> {
    news = createNews();
    engine = await openEngine(folder, news, { cgroups });
    return engine;
  }

  const recordOf = (attemptId: string) => readRecord(attemptPaths(folder, attemptId).record);
  const supervisorGone = (attemptId: string) =>
    until('supervisor gone', () => {
      const supervisor = recordOf(attemptId)?.supervisor;
      return supervisor != null && !isAlive(supervisor);
    });

  it.each([true, false])(
    'keeps the driver, whose end the next one finds (launcher killed as well: %s)',
    async (both) => {
      const released = join(folder, 'released');
      const order = orderFor(fixture('wait-for-file.sh', released, '21'));
      server.handOver(order);
      await server.told(order.attemptId, 'started');
      await server.kill(both);
      await until('launcher gone', () => readProcess(server.launcherPid) === null);
      const next = await reopen();
      next.follow(handleOf(order, next.bootId, true));
      writeFileSync(released, '');
      expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 21 });
    },
  );

  it('ended by its driver while none ran: the next one tells so', async () => {
    const released = join(folder, 'released');
    const order = orderFor(fixture('wait-for-file.sh', released, '22'));
    server.handOver(order);
    await server.told(order.attemptId, 'started');
    await server.kill(true);
    writeFileSync(released, '');
    await supervisorGone(order.attemptId);
    const next = await reopen();
    next.follow(handleOf(order, next.bootId));
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 22 });
    expect(news.all.map(({ kind }) => kind)).toEqual(['started', 'ended']);
  });

  it('before the launcher had read the line: the next one launches it, once', async () => {
    process.kill(server.launcherPid, 'SIGSTOP');
    const order = orderFor(`echo ran >>'${folder}/mark'`);
    server.handOver(order);
    await until('order written', () => existsSync(attemptPaths(folder, order.attemptId).order));
    await server.kill(true);
    const next = await reopen();
    next.follow(handleOf(order, next.bootId));
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 0 });
    expect(readFileSync(join(folder, 'mark'), 'utf8')).toBe('ran\n');
  });

  it('and its supervisor as well: the driver is followed, and then lost', async () => {
    const released = join(folder, 'released');
    const order = orderFor(fixture('wait-for-file.sh', released, '0'));
    server.handOver(order);
    await server.told(order.attemptId, 'started');
    await server.kill(true);
    const { supervisor, driver } = recordOf(order.attemptId) ?? {};
    if (!supervisor || !driver) throw new Error('no driver in the record');
    process.kill(supervisor.pid, 'SIGKILL');
    await supervisorGone(order.attemptId);
    const next = await reopen();
    next.follow(handleOf(order, next.bootId, true));
    // News of one that was handed over after it show that it was looked at.
    const other = orderFor('true');
    await next.handOver(other);
    await news.endOf(other.attemptId);
    expect(news.all.filter(({ attemptId }) => attemptId === order.attemptId)).toEqual([]);
    expect(isAlive(driver)).toBe(true);
    writeFileSync(released, '');
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'lost' });
  });

  it('and everything of the attempt as well: lost, and what was left behind is ended', async () => {
    const order = orderFor(`setsid sleep 1000 & echo $!; exec ${fixture('ignore-term.sh').replace('exec ', '')}`, {
      graceMs: 100,
    });
    server.handOver(order);
    const { log } = attemptPaths(folder, order.attemptId);
    await until('ready', () => existsSync(log) && readFileSync(log, 'utf8').includes('ready'));
    const left = Number.parseInt(readFileSync(log, 'utf8'), 10);
    await server.kill(true);
    const { supervisor, driver } = recordOf(order.attemptId) ?? {};
    if (!supervisor || !driver) throw new Error('no driver in the record');
    process.kill(supervisor.pid, 'SIGKILL');
    process.kill(driver.pid, 'SIGKILL');
    await until('driver gone', () => !isAlive(driver));
    expect(readProcess(left)).not.toBeNull();
    const next = await reopen();
    next.follow(handleOf(order, next.bootId, true));
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'lost' });
    expect(readProcess(left)).toBeNull();
  });

  it('during a stop: the next one carries it on', async () => {
    const order = orderFor(fixture('ignore-term.sh'));
    server.handOver(order);
    await server.told(order.attemptId, 'started');
    await server.kill(true);
    const next = await reopen();
    next.follow(handleOf(order, next.bootId, true));
    next.stop(order.attemptId, 50);
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: expect.any(Number) });
  });

  it('leaves no descriptor of whoever started it open in drivers and supervisors', async () => {
    const order = orderFor(fixture('wait-for-file.sh', join(folder, 'released'), '0'));
    server.handOver(order);
    await server.told(order.attemptId, 'started');
    const { supervisor, driver } = recordOf(order.attemptId) ?? {};
    for (const pid of [server.launcherPid, supervisor?.pid, driver?.pid]) {
      const open = readdirSync(`/proc/${pid}/fd`).map((name) => readlinkSync(`/proc/${pid}/fd/${name}`));
      const pipes = open.filter((target) => /^(pipe|socket):/.test(target));
      // The launcher reads its lines from one.
      expect(pipes).toHaveLength(pid === server.launcherPid ? 1 : 0);
    }
    writeFileSync(join(folder, 'released'), '');
    await server.told(order.attemptId, 'ended');
    await server.kill(true);
    await reopen();
  });
});
