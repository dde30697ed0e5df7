import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptPaths } from '../../../src/engine/attempt-directory.ts';
import type { AttemptOrder } from '../../../src/engine/engine.ts';
import type { LocalEngine } from '../../../src/engine/local/local-engine.ts';
import { readMachine } from '../../../src/engine/local/machine.ts';
import { readProcess } from '../../../src/engine/local/processes/process-entry.ts';
import { writeOrder } from '../../../src/engine/order/order-file.ts';
import { readRecord } from '../../../src/engine/record/read-record.ts';
import { createNews, type News } from '../news.ts';
import { fixture, handleOf, orderFor } from '../orders.ts';
import { openEngine } from './open-engine.ts';

const { bootId, pidNamespace } = readMachine(Date.now);

describe('follow', () => {
  let folder: string;
  let engine: LocalEngine;
  let news: News;
  let helper: ChildProcess | null = null;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'drover-recovery-'));
    news = createNews();
    engine = await openEngine(folder, news);
  });

  afterEach(async () => {
    helper?.kill('SIGKILL');
    helper = null;
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** An attempt as it would have been left, with that record (null for none). */
  function leftBehind(record: string | null, entrypoint = `echo ran >>'${folder}/mark'`): AttemptOrder {
    const order = orderFor(entrypoint, { graceMs: 100 });
    const paths = attemptPaths(folder, order.attemptId);
    mkdirSync(paths.outputDirectory, { recursive: true });
    writeOrder(paths.order, { ...order, cgroups: [] });
    if (record !== null) writeFileSync(paths.record, record);
    return order;
  }

  /** Reliable sign that attempts followed before were looked at. */
  async function aJobHasRun(): Promise<void> {
    const order = orderFor('sleep 0.2');
    await engine.handOver(order);
    await news.endOf(order.attemptId);
  }

  /** A process that runs until the test ends. */
  function startHelper(...args: string[]) {
    helper = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', 'helper', ...args], { stdio: 'ignore' });
    const entry = readProcess(helper.pid ?? 0);
    if (!entry) throw new Error('the helper did not start');
    return entry;
  }

  const supervisorLine = (pid: number, ticks: number, boot = bootId, namespace = pidNamespace) =>
    `supervisor ${pid} ${ticks} ${boot} ${namespace} .\n`;
  const newsOf = (order: AttemptOrder) => news.all.filter(({ attemptId }) => attemptId === order.attemptId);

  it('launches what nobody claimed', async () => {
    const order = leftBehind(null);
    engine.follow(handleOf(order, bootId));
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 0 });
    expect(readFileSync(join(folder, 'mark'), 'utf8')).toBe('ran\n');
  });

  it('withdraws a claim that is empty, and nobody’s', async () => {
    const order = leftBehind('');
    engine.follow(handleOf(order, bootId));
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'withdrawn' });
    expect(readRecord(attemptPaths(folder, order.attemptId).record)).toMatchObject({ withdrawn: true });
    expect(() => readFileSync(join(folder, 'mark'))).toThrow('ENOENT');
  });

  it('waits for the line of an empty claim while a process with that path lives', async () => {
    const order = leftBehind('');
    startHelper(attemptPaths(folder, order.attemptId).directory);
    engine.follow(handleOf(order, bootId));
    await aJobHasRun();
    expect(newsOf(order)).toEqual([]);
    helper?.kill('SIGKILL');
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'withdrawn' });
  });

  it.each(['', 'withdrawn .\n'])('loses what had started though its record is now %j', async (record) => {
    const order = leftBehind(record);
    startHelper(attemptPaths(folder, order.attemptId).directory);
    engine.follow(handleOf(order, bootId, true));
    await aJobHasRun();
    expect(newsOf(order)).toEqual([]);
    helper?.kill('SIGKILL');
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'lost' });
  });

  it('finds the true end of a driver whose record was emptied while it ran', async () => {
    const order = orderFor(fixture('wait-for-file.sh', join(folder, 'released'), '9'));
    const { record } = attemptPaths(folder, order.attemptId);
    await engine.handOver(order);
    await news.of(order.attemptId, 'started');
    truncateSync(record);
    await aJobHasRun();
    writeFileSync(join(folder, 'released'), '');
    const end = await news.of(order.attemptId, 'ended');
    expect(end).toMatchObject({ exitCode: 9 });
    expect(end).not.toHaveProperty('startFailure');
  });

  it('tells a withdrawal again', async () => {
    const order = leftBehind('withdrawn .\n');
    engine.follow(handleOf(order, bootId));
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'withdrawn' });
  });

  it('loses what was handed over under another boot, and starts nothing', async () => {
    const orders = [leftBehind(null), leftBehind(''), leftBehind(supervisorLine(1, 1, 'another')), orderFor('true')];
    for (const order of orders) {
      engine.follow(handleOf(order, 'another'));
      expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'lost' });
    }
    await aJobHasRun();
    expect(() => readFileSync(join(folder, 'mark'))).toThrow('ENOENT');
  });

  it('believes an end line of another boot', async () => {
    const order = leftBehind(`${supervisorLine(1, 1, 'another')}driver 2 2 .\nend 5 .\n`);
    engine.follow(handleOf(order, 'another'));
    const end = await news.of(order.attemptId, 'ended');
    expect(end).toMatchObject({ exitCode: 5 });
    const started = await news.of(order.attemptId, 'started');
    expect(started.startedAtMs).toBeLessThanOrEqual(end.endedAtMs);
    expect(started.startedAtMs).toBeGreaterThan(Date.now() - 60_000);
  });

  it.each([
    ['start time', (pid: number, ticks: number) => `${supervisorLine(pid, ticks - 1)}driver ${pid} ${ticks - 1} .\n`],
    ['boot', (pid: number, ticks: number) => `${supervisorLine(pid, ticks, 'another')}driver ${pid} ${ticks} .\n`],
    [
      'namespace',
      (pid: number, ticks: number) => `${supervisorLine(pid, ticks, bootId, '1')}driver ${pid} ${ticks} .\n`,
    ],
  ])('does not take a process of another %s for the driver, and does it no harm', async (_, record) => {
    const stranger = startHelper();
    const order = leftBehind(record(stranger.pid, stranger.startTicks));
    engine.follow(handleOf(order, bootId, true));
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'lost' });
    expect(readProcess(stranger.pid)).toEqual(stranger);
  });

  it('follows a driver whose supervisor is gone, and stops it when asked', async () => {
    const driver = startHelper();
    const order = leftBehind(`${supervisorLine(1, 999_999_999)}driver ${driver.pid} ${driver.startTicks} .\n`);
    engine.follow(handleOf(order, bootId));
    expect(await news.of(order.attemptId, 'started')).toMatchObject({ driverPid: driver.pid });
    await aJobHasRun();
    expect(newsOf(order)).toHaveLength(1);
    engine.stop(order.attemptId, 5000);
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'lost' });
    expect(helper?.signalCode ?? readProcess(driver.pid)).not.toEqual(driver);
  });

  it('never starts again what had started, though its files are gone', async () => {
    const order = orderFor('true');
    engine.follow(handleOf(order, bootId, true));
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'lost' });
  });

  it('follows an attempt once, however often it is asked to', async () => {
    const order = leftBehind('end 3 .\n');
    engine.follow(handleOf(order, bootId));
    engine.follow(handleOf(order, bootId));
    await news.endOf(order.attemptId);
    await aJobHasRun();
    expect(newsOf(order)).toHaveLength(1);
  });

  it('believes a record that tells of want of memory', async () => {
    const order = leftBehind(`${supervisorLine(1, 1)}driver 2 2 .\nend 137 .\n\noom .\n`);
    engine.follow(handleOf(order, bootId, true));
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 137, outOfMemory: true });
  });

  it('reports a refusal again', async () => {
    const order = leftBehind(`${supervisorLine(1, 1)}refused cgroup .\nend 125 .\n`);
    engine.follow(handleOf(order, bootId));
    expect(await news.endOf(order.attemptId)).toMatchObject({
      kind: 'ended',
      exitCode: 125,
      startFailure: expect.stringContaining('cgroup'),
    });
  });
});
