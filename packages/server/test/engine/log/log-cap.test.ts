import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { attemptPaths } from '../../../src/engine/attempt-directory.ts';
import type { LocalEngine } from '../../../src/engine/local/local-engine.ts';
import { firstByteToKeep } from '../../../src/engine/log/log-cap.ts';
import { openEngine } from '../local/open-engine.ts';
import { createNews, type News } from '../news.ts';
import { handleOf, orderFor } from '../orders.ts';
import { until } from '../until.ts';

const KIB = 1024;
const MAX_BYTES = 256 * KIB;

describe('firstByteToKeep', () => {
  it('keeps the newest three quarters of the limit, in whole blocks, and only above the limit', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1e12 }), fc.integer({ min: 64 * KIB, max: 1e10 }), (sizeBytes, maxBytes) => {
        const firstByte = firstByteToKeep({ sizeBytes, storedBytes: sizeBytes }, maxBytes);
        if (sizeBytes <= maxBytes) {
          expect(firstByte).toBeNull();
          return;
        }
        expect(firstByte).toBeGreaterThan(0);
        const kept = sizeBytes - (firstByte ?? 0);
        expect((firstByte ?? 1) % 4096).toBe(0);
        expect(kept).toBeGreaterThanOrEqual(maxBytes * 0.75);
        expect(kept).toBeLessThan(maxBytes * 0.75 + 4096);
      }),
    );
  });

  it('leaves a long log alone whose front is gone already', () => {
    expect(firstByteToKeep({ sizeBytes: 1e9, storedBytes: MAX_BYTES }, MAX_BYTES)).toBeNull();
  });
});

describe('a log over its limit', () => {
  let folder: string;
  let engine: LocalEngine;
  let news: News;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'drover-log-cap-'));
    news = createNews();
    engine = await openEngine(folder, news, { logMaxBytes: MAX_BYTES, logCheckIntervalMs: 20 });
  });

  afterEach(async () => {
    await engine.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function skipUnlessCapped(ctx: TestContext): void {
    if (engine.describe().logLimit.startsWith('none')) ctx.skip(engine.describe().logLimit);
  }

  /** What a reader of offsets finds: the bytes from the first kept one on. */
  function kept(attemptId: string) {
    const paths = attemptPaths(folder, attemptId);
    const firstByte = Number(readFileSync(paths.logFirstByte, 'utf8'));
    const bytes = readFileSync(paths.log);
    return { firstByte, size: bytes.length, bytes, stored: statSync(paths.log).blocks * 512 };
  }

  it('loses its front while the driver writes on, and no offset changes', async (ctx) => {
    skipUnlessCapped(ctx);
    const block = 'seq -f %015.0f $((i * 4096)) $((i * 4096 + 4095))';
    const order = orderFor(`i=0; while [ $i -lt 40 ]; do ${block}; i=$((i + 1)); sleep 0.02; done`);
    await engine.handOver(order);
    await news.of(order.attemptId, 'started');
    const { logFirstByte } = attemptPaths(folder, order.attemptId);
    await until(
      'log capped while it is written',
      () => existsSync(logFirstByte) && Number(readFileSync(logFirstByte, 'utf8')) > 0,
    );
    await news.endOf(order.attemptId);
    const { firstByte, size, bytes, stored } = kept(order.attemptId);
    expect(size).toBe(40 * 4096 * 16);
    expect(stored).toBeLessThanOrEqual(MAX_BYTES + 4096);
    expect(bytes.subarray(0, firstByte).every((byte) => byte === 0)).toBe(true);
    // Each line holds its own number, and so its own offset.
    for (let at = Math.ceil(firstByte / 16) * 16; at < size; at += 16) {
      expect(Number(bytes.toString('latin1', at, at + 15))).toBe(at / 16);
    }
  });

  it('is within it when the end is told, however fast it was written', async (ctx) => {
    skipUnlessCapped(ctx);
    const order = orderFor('head -c 5000000 /dev/zero | tr "\\0" x');
    await engine.handOver(order);
    await news.endOf(order.attemptId);
    const { size, stored } = kept(order.attemptId);
    expect(size).toBe(5_000_000);
    expect(stored).toBeLessThanOrEqual(MAX_BYTES);
  });

  it('that grew while no server ran is capped first', async (ctx) => {
    skipUnlessCapped(ctx);
    const order = orderFor('true');
    const paths = attemptPaths(folder, order.attemptId);
    mkdirSync(paths.outputDirectory, { recursive: true });
    writeFileSync(paths.log, 'x'.repeat(4 * MAX_BYTES));
    writeFileSync(paths.record, 'end 0 .\n');
    engine.follow(handleOf(order, engine.bootId));
    await news.endOf(order.attemptId);
    expect(kept(order.attemptId).stored).toBeLessThanOrEqual(MAX_BYTES);
  });

  it('has no mark while it is short, and one that says 0 before it has to be capped', async (ctx) => {
    skipUnlessCapped(ctx);
    for (const [bytes, mark] of [
      [MAX_BYTES / 4, null],
      [(MAX_BYTES / 4) * 3, '00000000000000000000\n'],
    ] as const) {
      const order = orderFor(`head -c ${bytes} /dev/zero | tr '\\0' x`);
      await engine.handOver(order);
      await news.endOf(order.attemptId);
      const { logFirstByte } = attemptPaths(folder, order.attemptId);
      expect(existsSync(logFirstByte) ? readFileSync(logFirstByte, 'utf8') : null).toBe(mark);
    }
  });
});
