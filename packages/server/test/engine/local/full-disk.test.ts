import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attemptPaths } from '../../../src/engine/attempt-directory.ts';
import { createNews } from '../news.ts';
import { orderFor } from '../orders.ts';
import { until } from '../until.ts';
import { openEngine } from './open-engine.ts';

/** Writes a file until the file system has no space. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (;;) writeSync(file, Buffer.alloc(4096, 'x'));
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  } finally {
    closeSync(file);
  }
}

describe('on a full disk', () => {
  it('a supervisor waits with its lines until there is space, and no driver begins before its own', async (ctx) => {
    const folder = mkdtempSync(join(tmpdir(), 'drover-full-'));
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', folder]);
    if (mounted.status !== 0) {
      rmSync(folder, { recursive: true });
      ctx.skip('no tmpfs can be mounted');
    }
    const outside = mkdtempSync(join(tmpdir(), 'drover-full-mark-'));
    const news = createNews();
    const engine = await openEngine(folder, news);
    const pid = engine.launcherPid();
    try {
      if (pid === null) throw new Error('there is no launcher');
      process.kill(pid, 'SIGSTOP');
      const order = orderFor(`echo ran >>'${outside}/mark'; exit 3`);
      await engine.handOver(order);
      fill(join(folder, 'filler'));
      process.kill(pid, 'SIGCONT');
      const { record } = attemptPaths(folder, order.attemptId);
      await until('claimed', () => existsSync(record));
      // A supervisor that could not write its first line sleeps, and has begun nothing.
      expect(readFileSync(record, 'utf8')).toBe('');
      expect(existsSync(join(outside, 'mark'))).toBe(false);
      rmSync(join(folder, 'filler'));
      expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 3 });
      expect(readFileSync(join(outside, 'mark'), 'utf8')).toBe('ran\n');
    } finally {
      await engine.close();
      spawnSync('umount', [folder]);
      rmSync(folder, { recursive: true });
      rmSync(outside, { recursive: true });
    }
  });
});
