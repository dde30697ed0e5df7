import { beforeEach, expect, test, vi } from 'vitest';
import { type FillOptions, startFilling } from '../../../../src/store/sqlite/search-index/fill-index.ts';

const RETRY_MS = 1000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  return () => void vi.useRealTimers();
});

/** A filling whose work does batches of ten, in two steps each. */
function startBatches(options: Partial<FillOptions> = {}) {
  const done: number[] = [];
  const failures: unknown[] = [];
  const trouble: Error[] = [];
  let coveredTo = options.coveredTo ?? 0;
  const filling = startFilling({
    *work(newestSeq) {
      while (newestSeq() - coveredTo >= 10) {
        yield;
        const [error] = trouble;
        if (error !== undefined) throw error;
        coveredTo += 10;
        done.push(coveredTo);
        yield;
      }
      return coveredTo;
    },
    batchSeqs: 10,
    coveredTo: 0,
    newestSeq: 0,
    retryMs: RETRY_MS,
    onFailure: (error) => failures.push(error),
    ...options,
  });
  return { filling, done, failures, trouble };
}

test('what is missing at the start is made up for, and then no timer runs', async () => {
  const { filling, done } = startBatches({ coveredTo: 20, newestSeq: 45 });
  const settled = filling.settled();
  await vi.runAllTimersAsync();
  await settled;
  expect(done).toEqual([30, 40]);
  expect(vi.getTimerCount()).toBe(0);
});

test('nothing is done for less than a batch; the job that makes it whole is enough', async () => {
  const { filling, done } = startBatches();
  for (let seq = 1; seq < 10; seq++) filling.noteJob(seq);
  expect(vi.getTimerCount()).toBe(0);
  await filling.settled();
  filling.noteJob(10);
  await vi.runAllTimersAsync();
  expect(done).toEqual([10]);
  expect(vi.getTimerCount()).toBe(0);
});

test('a failure is told once, tried again after a while, and told again only when work had succeeded between', async () => {
  const { filling, done, failures, trouble } = startBatches();
  const full = new Error('no space');
  trouble.push(full);
  filling.noteJob(10);
  const settled = filling.settled();
  await vi.advanceTimersByTimeAsync(RETRY_MS - 1);
  await settled;
  expect(failures).toEqual([full]);
  await vi.advanceTimersByTimeAsync(2 * RETRY_MS);
  expect(failures).toEqual([full]);
  expect(done).toEqual([]);

  trouble.pop();
  await vi.advanceTimersByTimeAsync(RETRY_MS);
  expect(done).toEqual([10]);
  expect(vi.getTimerCount()).toBe(0);
  trouble.push(full);
  filling.noteJob(20);
  await vi.advanceTimersByTimeAsync(RETRY_MS);
  expect(failures).toEqual([full, full]);
  filling.stop();
});

test('once stopped it does nothing any more, whatever it was at', async () => {
  const early = startBatches({ newestSeq: 50 });
  const settled = early.filling.settled();
  early.filling.stop();
  await settled;
  early.filling.noteJob(60);
  const held = startBatches({ newestSeq: 50 });
  held.trouble.push(new Error('no space'));
  await vi.advanceTimersByTimeAsync(RETRY_MS - 1);
  held.filling.stop();
  held.filling.stop();
  expect(vi.getTimerCount()).toBe(0);
  expect([...early.done, ...held.done]).toEqual([]);
});
