import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_KEPT, MOST_MADE_UP, ON_TIME_MS, planDue } from '../../src/schedule/due.ts';
import { MISSED_RULES } from '../../src/schedule/schedule.ts';

const HOUR_MS = 3_600_000;
const NOW_MS = 1_000 * HOUR_MS;
/** Three that were missed, and one that is on time. */
const newest = [3, 2, 1, 0].map((hours) => NOW_MS - hours * HOUR_MS);
const due = { newest, older: 0 };
const lateOnly = { newest: newest.slice(0, 3), older: 0 };

describe('occurrences that were missed', () => {
  it('are not made up for by default', () => {
    const plan = planDue({ missed: 'skip', missedWindowMs: null }, due, NOW_MS);
    expect(plan).toEqual({ wanted: [{ atMs: newest[3], isLate: false }], missed: 3, lastMissedMs: newest[2] });
  });

  it('have the last one run for all of them, unless one is on time, which does', () => {
    const rule = { missed: 'run_once', missedWindowMs: null } as const;
    expect(planDue(rule, lateOnly, NOW_MS)).toEqual({
      ...{ wanted: [{ atMs: newest[2], isLate: true }], missed: 2, lastMissedMs: newest[1] },
    });
    expect(planDue(rule, due, NOW_MS)).toEqual({
      ...{ wanted: [{ atMs: newest[3], isLate: false }], missed: 3, lastMissedMs: newest[2] },
    });
  });

  it('run all, the earliest first', () => {
    const plan = planDue({ missed: 'run_all', missedWindowMs: null }, due, NOW_MS);
    expect(plan.wanted).toEqual(newest.map((atMs) => ({ atMs, isLate: atMs < NOW_MS })));
    expect(plan.missed).toBe(0);
  });

  it('are dropped where they lie further back than the window', () => {
    const rule = { missed: 'run_all', missedWindowMs: 2 * HOUR_MS } as const;
    expect(planDue(rule, lateOnly, NOW_MS)).toEqual({
      ...{ wanted: newest.slice(1, 3).map((atMs) => ({ atMs, isLate: true })), missed: 1, lastMissedMs: newest[0] },
    });
    expect(planDue({ missed: 'run_once', missedWindowMs: 1_000 }, lateOnly, NOW_MS)).toMatchObject({
      ...{ wanted: [], missed: 3 },
    });
  });

  it('are made up for a hundred times at most: the oldest are dropped, and counted', () => {
    const many = Array.from({ length: MOST_KEPT }, (_, index) => NOW_MS - (MOST_KEPT - index) * HOUR_MS);
    const plan = planDue({ missed: 'run_all', missedWindowMs: null }, { newest: many, older: 7 }, NOW_MS);
    expect(plan.wanted.map(({ atMs }) => atMs)).toEqual(many.slice(-MOST_MADE_UP));
    expect(plan.missed).toBe(7 + MOST_KEPT - MOST_MADE_UP);
  });
});

it('within a minute an occurrence is on time', () => {
  const edge = NOW_MS - ON_TIME_MS;
  const plan = planDue({ missed: 'skip', missedWindowMs: null }, { newest: [edge - 1, edge], older: 0 }, NOW_MS);
  expect(plan).toEqual({ wanted: [{ atMs: edge, isLate: false }], missed: 1, lastMissedMs: edge - 1 });
});

it('whatever is due is either wanted or missed, and what was missed last is known', () => {
  const someRule = fc.record({
    missed: fc.constantFrom(...MISSED_RULES),
    missedWindowMs: fc.option(fc.integer({ min: 0, max: 400_000 })),
  });
  // Every second, for as long as this.
  const someSeconds = fc.integer({ min: 0, max: 600 });
  fc.assert(
    fc.property(someRule, someSeconds, (rule, seconds) => {
      const all = Array.from({ length: seconds }, (_, index) => NOW_MS - (seconds - 1 - index) * 1_000);
      const older = Math.max(0, seconds - MOST_KEPT);
      const plan = planDue(rule, { newest: all.slice(older), older }, NOW_MS);
      expect(plan.wanted.length + plan.missed).toBe(seconds);
      expect(plan.lastMissedMs === null).toBe(plan.missed === 0);
      expect(plan.wanted.every(({ atMs }) => atMs > (plan.lastMissedMs ?? 0))).toBe(true);
    }),
  );
});
