import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createPressingStop } from '../../../src/engine/slurm/press-stop.ts';

const folder = mkdtempSync(join(tmpdir(), 'drover-press-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

function prepare(stopFile: string) {
  const woken: number[] = [];
  const cancelled: number[] = [];
  const stop = createPressingStop({
    stopFile,
    async wake(jobId) {
      woken.push(jobId);
    },
    cancel: (jobId) => cancelled.push(jobId),
    askSoon: () => {},
  });
  return { stop, woken, cancelled };
}

it('tells the supervisor, wakes it once, and has Slurm end what is long overdue', async () => {
  const stopFile = join(folder, 'stop');
  const { stop, woken, cancelled } = prepare(stopFile);
  stop.want(10_000, 'SIGINT');
  for (let seconds = 0; seconds < 40; seconds += 1) {
    await stop.press(17);
    vi.advanceTimersByTime(1_000);
  }
  expect(readFileSync(stopFile, 'utf8')).toBe('INT 1000 .\n');
  expect([woken, cancelled]).toEqual([[17], []]);
  vi.advanceTimersByTime(1_000);
  await stop.press(17);
  expect(cancelled).toEqual([17]);
});

it('goes on by Slurm where the stop cannot be written down: the disk is full, say', async () => {
  const stopFile = join(folder, 'unwritable');
  mkdirSync(stopFile);
  const { stop, woken, cancelled } = prepare(stopFile);
  stop.want(10_000, 'SIGTERM');
  await expect(stop.press(17)).rejects.toThrow();
  expect([woken, cancelled]).toEqual([[17], []]);
  vi.advanceTimersByTime(41_000);
  await expect(stop.press(17)).rejects.toThrow();
  expect([woken, cancelled]).toEqual([[17], [17]]);
  rmSync(stopFile, { recursive: true });
  await stop.press(17);
  expect(readFileSync(stopFile, 'utf8')).toBe('TERM 0 .\n');
  expect(woken).toEqual([17, 17]);
});
