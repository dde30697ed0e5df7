import { describe, expect, it } from 'vitest';
import type { ProcessTableEntry } from '../../../src/engine/local/processes/process-table.ts';
import { createSweeper } from '../../../src/engine/local/processes/sweeper.ts';

describe('the sweeper', () => {
  /** Reads tables that hold their number, when told to. */
  function createReader() {
    const reads: { sinceTicks: number; finish(): void; fail(error: Error): void }[] = [];
    const waiting: (() => void)[] = [];
    const read = (sinceTicks: number) =>
      new Promise<ProcessTableEntry[]>((resolve, reject) => {
        const pid = reads.length;
        const entry = { pid, startTicks: 0, parentPid: 0, groupId: 0, sessionId: 0, token: null };
        reads.push({ sinceTicks, finish: () => resolve([entry]), fail: reject });
        waiting.shift()?.();
      });
    return {
      reads,
      read,
      /** Waits for the next reading to begin. */
      begun: () => new Promise<void>((resolve) => waiting.push(resolve)),
    };
  }

  it('shares a table among those who ask before it is read, and among no others', async () => {
    const reader = createReader();
    const sweeper = createSweeper(reader.read);
    const firstBegun = reader.begun();
    const first = [sweeper.sweep(50), sweeper.sweep(20), sweeper.sweep(70)];
    await firstBegun;
    const secondBegun = reader.begun();
    const second = [sweeper.sweep(90), sweeper.sweep(80)];
    expect(reader.reads.map(({ sinceTicks }) => sinceTicks)).toEqual([20]);
    reader.reads[0]?.finish();
    expect((await Promise.all(first)).map(([entry]) => entry?.pid)).toEqual([0, 0, 0]);
    await secondBegun;
    reader.reads[1]?.finish();
    expect((await Promise.all(second)).map(([entry]) => entry?.pid)).toEqual([1, 1]);
    expect(reader.reads.map(({ sinceTicks }) => sinceTicks)).toEqual([20, 80]);
  });

  it('goes on after one that failed', async () => {
    const reader = createReader();
    const sweeper = createSweeper(reader.read);
    const firstBegun = reader.begun();
    const first = sweeper.sweep(0);
    await firstBegun;
    const secondBegun = reader.begun();
    const second = sweeper.sweep(0);
    reader.reads[0]?.fail(new Error('too many open files'));
    await expect(first).rejects.toThrow('too many open files');
    await secondBegun;
    reader.reads[1]?.finish();
    expect(await second).toHaveLength(1);
  });
});
