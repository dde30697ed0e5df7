import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptPaths } from '../../../src/engine/attempt-directory.ts';
import type { LocalEngine } from '../../../src/engine/local/local-engine.ts';
import { readMachine } from '../../../src/engine/local/machine.ts';
import { readProcess } from '../../../src/engine/local/processes/process-entry.ts';
import { createNews, type News } from '../news.ts';
import { fixture, handleOf, orderFor } from '../orders.ts';
import { until } from '../until.ts';
import { openEngine } from './open-engine.ts';

// Faults that root meets as well: a link to itself (ELOOP), a directory for a file (EISDIR).
describe('files of an attempt that cannot be read', () => {
  let folder: string;
  let engine: LocalEngine;
  let news: News;
  let warnings: string[];
  let helper: ChildProcess | null = null;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'drover-trouble-'));
    news = createNews();
    warnings = [];
    engine = await openEngine(folder, news, {
      logCheckIntervalMs: 20,
      log: { warn: ({ err }, message) => void warnings.push(`${message}: ${err}`) },
    });
  });

  afterEach(async () => {
    helper?.kill('SIGKILL');
    helper = null;
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Some rounds of every sweep have passed. */
  async function aJobHasRun(): Promise<void> {
    const order = orderFor('sleep 0.3');
    await engine.handOver(order);
    await news.endOf(order.attemptId);
  }

  it('its log: said once, and its end is told', async () => {
    const order = orderFor(fixture('wait-for-file.sh', join(folder, 'released'), '6'));
    const { outputDirectory, log } = attemptPaths(folder, order.attemptId);
    await engine.handOver(order);
    await news.of(order.attemptId, 'started');
    renameSync(outputDirectory, `${outputDirectory}.away`);
    symlinkSync(outputDirectory, outputDirectory);
    await aJobHasRun();
    writeFileSync(join(folder, 'released'), '');
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 6 });
    expect(warnings).toEqual([expect.stringMatching(`^the log ${log} could not be capped: Error: ELOOP`)]);
  });

  it('its record: said once, and its end is told when it can be read again', async () => {
    const order = orderFor(fixture('wait-for-file.sh', join(folder, 'released'), '7'));
    const { record } = attemptPaths(folder, order.attemptId);
    await engine.handOver(order);
    await news.of(order.attemptId, 'started');
    renameSync(record, `${record}.away`);
    symlinkSync(record, record);
    await aJobHasRun();
    writeFileSync(join(folder, 'released'), '');
    await aJobHasRun();
    expect(warnings).toEqual([expect.stringMatching(/could not be examined: Error: ELOOP/)]);
    expect(news.all).not.toContainEqual(expect.objectContaining({ attemptId: order.attemptId, kind: 'ended' }));
    unlinkSync(record);
    renameSync(`${record}.away`, record);
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 7 });
  });

  it('its order, by which it is held: a stop is carried out as soon as it can be read', async () => {
    const { bootId, pidNamespace } = readMachine(Date.now);
    helper = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const driver = readProcess(helper.pid ?? 0);
    if (!driver) throw new Error('the helper did not start');
    const order = orderFor('true');
    const paths = attemptPaths(folder, order.attemptId);
    mkdirSync(paths.order, { recursive: true });
    const lines = [`supervisor 1 999999999 ${bootId} ${pidNamespace} .`, `driver ${driver.pid} ${driver.startTicks} .`];
    writeFileSync(paths.record, `${lines.join('\n')}\n`);
    engine.follow(handleOf(order, bootId, true));
    engine.stop(order.attemptId, 60_000);
    await until('warned', () => warnings.some((warning) => warning.includes('EISDIR')));
    await aJobHasRun();
    expect(readProcess(driver.pid)).toEqual(driver);
    rmdirSync(paths.order);
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'lost' });
    expect(await until('reaped', () => helper?.signalCode ?? null)).toBe('SIGTERM');
    expect(warnings).toHaveLength(1);
  });

  it('all of them, removed while its driver runs: lost, and only when it has ended', async () => {
    const order = orderFor(fixture('wait-for-file.sh', join(folder, 'released'), '8'));
    const { directory } = attemptPaths(folder, order.attemptId);
    await engine.handOver(order);
    await news.of(order.attemptId, 'started');
    rmSync(directory, { recursive: true });
    await aJobHasRun();
    expect(news.all).not.toContainEqual(expect.objectContaining({ attemptId: order.attemptId, kind: 'lost' }));
    writeFileSync(join(folder, 'released'), '');
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'lost' });
  });
});
