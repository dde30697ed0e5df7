import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptPaths } from '../../../src/engine/attempt-directory.ts';
import type { LocalEngine } from '../../../src/engine/local/local-engine.ts';
import { readProcess } from '../../../src/engine/local/processes/process-entry.ts';
import { createNews, type News } from '../news.ts';
import { orderFor } from '../orders.ts';
import { until } from '../until.ts';
import { openEngine } from './open-engine.ts';

describe('the launcher', () => {
  let folder: string;
  let engine: LocalEngine;
  let news: News;
  let warnings: string[];
  /** What the engine said was wrong at the moment of each warning. */
  let troubles: (string | null)[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'drover-launcher-'));
    news = createNews();
    warnings = [];
    troubles = [];
    const warn = (_: object, message: string) => {
      warnings.push(message);
      troubles.push(engine.trouble());
    };
    engine = await openEngine(folder, news, { log: { warn } });
  });

  afterEach(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function launcherPid(): number {
    const pid = engine.launcherPid();
    if (pid === null) throw new Error('there is no launcher');
    return pid;
  }

  it('is replaced when it dies, and what it had not begun is launched again, once', async () => {
    const first = launcherPid();
    process.kill(first, 'SIGSTOP');
    const orders = Array.from({ length: 5 }, () => orderFor(`echo ran >>'${folder}/mark'`));
    for (const order of orders) await engine.handOver(order);
    process.kill(first, 'SIGKILL');
    for (const order of orders) {
      expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 0 });
    }
    expect(engine.launcherPid()).not.toBe(first);
    expect(readFileSync(join(folder, 'mark'), 'utf8')).toBe('ran\n'.repeat(5));
    expect(warnings).toEqual(['the launcher of drivers ended and is replaced']);
  });

  it('is missed as long as there is none, and no longer', async () => {
    expect(engine.trouble()).toBeNull();
    const first = launcherPid();
    process.kill(first, 'SIGKILL');
    await until('another is there', () => ![first, null].includes(engine.launcherPid()));
    expect(troubles).toEqual(['the launcher of drivers ended and is being replaced']);
    expect(engine.trouble()).toBeNull();
  });

  it('starts nothing for an attempt that was stopped before', async () => {
    const pid = launcherPid();
    process.kill(pid, 'SIGSTOP');
    const order = orderFor(`echo ran >>'${folder}/mark'`);
    await engine.handOver(order);
    engine.stop(order.attemptId, 10_000);
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'withdrawn' });
    process.kill(pid, 'SIGCONT');
    const next = orderFor('true');
    await engine.handOver(next);
    expect(await news.endOf(next.attemptId)).toMatchObject({ kind: 'ended' });
    expect(existsSync(join(folder, 'mark'))).toBe(false);
    expect(existsSync(attemptPaths(folder, order.attemptId).log)).toBe(false);
  });

  it('has a session of its own, and ends with the engine', async () => {
    const pid = launcherPid();
    expect(readProcess(pid)).toMatchObject({ sessionId: pid });
    await engine.close();
    await until('launcher gone', () => readProcess(pid) === null);
  });

  it('refuses an id that could be a path or a line', async () => {
    for (const attemptId of ['../up', 'a\nb', '', '.hidden', 'a/b']) {
      await expect(engine.handOver({ ...orderFor('true'), attemptId })).rejects.toThrow(
        'cannot be the id of an attempt',
      );
    }
  });
});
