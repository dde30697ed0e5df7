import { describe, expect, it } from 'vitest';
import { expiredJobs } from '../../src/retention/policy.ts';
import type { FinishedJob } from '../../src/store/store.ts';

const NO_LIMITS = { maxAgeMs: null, maxCount: null, maxLogBytes: null };
const jobs: FinishedJob[] = [1, 2, 3, 4].map((seq) => ({
  id: `app-${seq}`,
  seq,
  endedAtMs: seq * 1_000,
  attemptId: null,
  logBytes: 100,
}));
const totals = { finishedJobs: 4, logBytes: 400 };
const ids = (expired: FinishedJob[]) => expired.map(({ seq }) => seq);

describe('expiredJobs', () => {
  it('keeps everything without limits', () => {
    expect(expiredJobs(jobs, totals, NO_LIMITS, 1e12)).toEqual([]);
  });

  it('takes jobs older than the age, to the millisecond', () => {
    expect(ids(expiredJobs(jobs, totals, { ...NO_LIMITS, maxAgeMs: 5_000 }, 7_000))).toEqual([1]);
    expect(ids(expiredJobs(jobs, totals, { ...NO_LIMITS, maxAgeMs: 5_000 }, 7_001))).toEqual([1, 2]);
  });

  it('takes the oldest until the count is met', () => {
    expect(ids(expiredJobs(jobs, totals, { ...NO_LIMITS, maxCount: 1 }, 0))).toEqual([1, 2, 3]);
  });

  it('takes the oldest until the logs fit', () => {
    expect(ids(expiredJobs(jobs, totals, { ...NO_LIMITS, maxLogBytes: 250 }, 0))).toEqual([1, 2]);
  });
});
