import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAlarms } from '../../src/timing/alarms.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('alarms', () => {
  it('ring in the order of their moments, each once, also those that lie far ahead or in the past', () => {
    const moments = fc.array(fc.integer({ min: -1_000, max: 10_000_000 }), { maxLength: 40 });
    fc.assert(
      fc.property(moments, (atMs) => {
        vi.setSystemTime(0);
        const alarms = createAlarms(Date.now);
        const rung: { atMs: number; nowMs: number }[] = [];
        for (const [index, at] of atMs.entries()) {
          alarms.set(`${index}`, at, () => rung.push({ atMs: at, nowMs: Date.now() }));
        }
        vi.advanceTimersByTime(10_000_000);
        expect(rung.map((ring) => ring.atMs)).toEqual([...atMs].sort((one, other) => one - other));
        for (const ring of rung) expect(ring.nowMs).toBe(Math.max(0, ring.atMs));
        alarms.close();
      }),
    );
  });

  it('do not ring once they are cleared, replaced or closed', () => {
    const alarms = createAlarms(Date.now);
    const rung: string[] = [];
    alarms.set('a', 10, () => rung.push('a'));
    alarms.set('b', 20, () => rung.push('b'));
    alarms.set('b', 30, () => rung.push('b again'));
    alarms.set('c', 40, () => rung.push('c'));
    alarms.clear('a');
    vi.advanceTimersByTime(35);
    expect(rung).toEqual(['b again']);
    alarms.close();
    vi.advanceTimersByTime(100);
    expect(rung).toEqual(['b again']);
  });

  it('notice within a minute that the clock was set forward', () => {
    const alarms = createAlarms(Date.now);
    let rungAtMs = 0;
    alarms.set('a', 3_600_000, () => {
      rungAtMs = Date.now();
    });
    vi.setSystemTime(3_600_000);
    vi.advanceTimersByTime(60_000);
    expect(rungAtMs).toBe(3_660_000);
    alarms.close();
  });

  it('may be set while they ring', () => {
    const alarms = createAlarms(Date.now);
    const rung: number[] = [];
    const again = () => {
      rung.push(Date.now());
      if (rung.length < 3) alarms.set('a', Date.now() + 10, again);
    };
    alarms.set('a', 10, again);
    vi.advanceTimersByTime(100);
    expect(rung).toEqual([10, 20, 30]);
  });
});
