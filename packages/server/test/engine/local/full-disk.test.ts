import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attemptPaths } from '../../../src/engine/attempt-directory.ts';
import type { LocalEngine } from '../../../src/engine/local/local-engine.ts';
import { createNews, type News } from '../news.ts';
import { handleOf, orderFor } from '../orders.ts';
import { until } from '../until.ts';
import { openEngine } from './open-engine.ts';

const KIB = 1024;
const MAX_BYTES = 256 * KIB;

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
  let folder: string;
  let outside: string;
  let news: News;
  let engine: LocalEngine | null = null;

  beforeEach((ctx) => {
    news = createNews();
    outside = mkdtempSync(join(tmpdir(), 'drover-full-mark-'));
    folder = mkdtempSync(join(tmpdir(), 'drover-full-'));
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=4m,nr_inodes=100', 'tmpfs', folder]);
    if (mounted.status !== 0) ctx.skip('no tmpfs can be mounted');
  });

  afterEach(async () => {
    await engine?.close();
    engine = null;
    // At once, also where a process that is just ending has something open there.
    spawnSync('umount', ['--lazy', folder]);
    rmSync(folder, { recursive: true });
    rmSync(outside, { recursive: true });
  });

  async function open(): Promise<LocalEngine> {
    engine = await openEngine(folder, news, { logMaxBytes: MAX_BYTES, logCheckIntervalMs: 20 });
    return engine;
  }

  const filler = () => join(folder, 'filler');

  it('a supervisor waits with its lines until there is space, and no driver begins before its own', async () => {
    const own = await open();
    const pid = own.launcherPid();
    if (pid === null) throw new Error('there is no launcher');
    process.kill(pid, 'SIGSTOP');
    const order = orderFor(`echo ran >>'${outside}/mark'; exit 3`);
    await own.handOver(order);
    fill(filler());
    process.kill(pid, 'SIGCONT');
    const { record } = attemptPaths(folder, order.attemptId);
    await until('claimed', () => existsSync(record));
    // A supervisor that could not write its first line sleeps, and has begun nothing.
    expect(readFileSync(record, 'utf8')).toBe('');
    expect(existsSync(join(outside, 'mark'))).toBe(false);
    rmSync(filler());
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 3 });
    expect(readFileSync(join(outside, 'mark'), 'utf8')).toBe('ran\n');
  });

  it('a log that filled it is capped while its driver waits', async (ctx) => {
    const own = await open();
    if (own.describe().logLimit.startsWith('none')) ctx.skip(own.describe().logLimit);
    const order =
      orderFor(`head -c ${MAX_BYTES - 4 * KIB} /dev/zero; until [ -e '${outside}/go' ]; do sleep 0.02; done; head -c ${MAX_BYTES} /dev/zero
until [ -e '${outside}/end' ]; do sleep 0.02; done`);
    const paths = attemptPaths(folder, order.attemptId);
    await own.handOver(order);
    await until('mark made in time', () => existsSync(paths.logFirstByte));
    // Room for what makes it too long, and for nothing else.
    fill(filler());
    spawnSync('truncate', ['--size', `-${MAX_BYTES}`, filler()]);
    writeFileSync(join(outside, 'go'), '');
    await until('front dropped', () => Number(readFileSync(paths.logFirstByte, 'utf8')) > 0);
    await until('space given back', () => statSync(paths.log).blocks * 512 <= MAX_BYTES);
    writeFileSync(join(outside, 'end'), '');
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 0 });
  });

  it('a server that starts caps what grew while none ran, though there is room for neither a trial nor a mark', async (ctx) => {
    const before = await open();
    if (before.describe().logLimit.startsWith('none')) ctx.skip(before.describe().logLimit);
    await before.close();
    const order = orderFor('true');
    const paths = attemptPaths(folder, order.attemptId);
    mkdirSync(paths.outputDirectory, { recursive: true });
    writeFileSync(paths.log, 'x'.repeat(4 * MAX_BYTES));
    writeFileSync(paths.record, 'end 0 .\n');
    fill(filler());
    const next = await open();
    next.follow(handleOf(order, next.bootId, true));
    expect(await news.endOf(order.attemptId)).toMatchObject({ kind: 'ended', exitCode: 0 });
    expect(statSync(paths.log)).toMatchObject({ size: 4 * MAX_BYTES });
    expect(statSync(paths.log).blocks * 512).toBeLessThanOrEqual(MAX_BYTES);
    const firstByte = Number(readFileSync(paths.logFirstByte, 'utf8'));
    expect(4 * MAX_BYTES - firstByte).toBe(MAX_BYTES * 0.75);
  });

  it('without room for one more file, capping is tried again when a log needs it', async (ctx) => {
    const before = await open();
    if (before.describe().logLimit.startsWith('none')) ctx.skip(before.describe().logLimit);
    await before.close();
    rmSync(join(folder, '.launcher.log'));
    const files = Array.from({ length: 100 }, (_, number) => join(folder, `file-${number}`));
    expect(() => {
      for (const file of files) writeFileSync(file, '');
    }).toThrow('ENOSPC');
    const next = await open();
    expect(next.describe().warnings).toContainEqual(expect.stringMatching(/could not be tried yet: ENOSPC/));
    for (const file of files) rmSync(file, { force: true });
    const order = orderFor(`head -c ${2 * MAX_BYTES} /dev/zero`);
    await next.handOver(order);
    await news.endOf(order.attemptId);
    expect(statSync(attemptPaths(folder, order.attemptId).log).blocks * 512).toBeLessThanOrEqual(MAX_BYTES);
  });
});
