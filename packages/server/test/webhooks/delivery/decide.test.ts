import { describe, expect, it } from 'vitest';
import { decide, delayAfter } from '../../../src/webhooks/delivery/decide.ts';
import { afterFailure, afterSuccess, HEALTHY } from '../../../src/webhooks/delivery/receiver-health.ts';
import { isCrowded, roomFor } from '../../../src/webhooks/delivery/room.ts';
import { REFUSED, TAKEN } from '../../store/sample-webhooks.ts';

const notice = {
  ...{ webhookId: 'wh_a', eventId: 7, jobId: 'job', type: 'ended' as const, atMs: 1_000, attempts: 0 },
};
const limits = { nowMs: 2_000, maxAgeMs: 5_000, random: 0 };

describe('a notice', () => {
  it('is delivered by a 2xx, tried again after anything else, and kept from a receiver that is gone', () => {
    expect(decide(TAKEN, notice, limits)).toEqual({ type: 'delivered' });
    expect(decide(REFUSED, notice, limits)).toEqual({ type: 'retry', dueAtMs: 3_000 });
    expect(decide({ ...REFUSED, status: null }, notice, limits)).toEqual({ type: 'retry', dueAtMs: 3_000 });
    expect(decide({ ...REFUSED, status: 410 }, notice, limits)).toEqual({ type: 'gone', dueAtMs: 3_000 });
  });

  it('is given up when it is too old, and not before it was tried ten times', () => {
    const late = { ...limits, nowMs: 6_001 };
    expect(decide(REFUSED, { ...notice, attempts: 9 }, late)).toEqual({ type: 'give_up' });
    expect(decide(REFUSED, { ...notice, attempts: 8 }, late)).toMatchObject({ type: 'retry' });
    expect(decide(REFUSED, { ...notice, attempts: 500 }, { ...late, nowMs: 6_000 })).toMatchObject({ type: 'retry' });
    expect(decide(TAKEN, { ...notice, attempts: 9 }, late)).toEqual({ type: 'delivered' });
  });

  it('waits longer each time, up to five minutes, less what chance leaves out', () => {
    expect([1, 2, 3, 4, 20].map((failures) => delayAfter(failures, 0))).toEqual([1_000, 2_000, 4_000, 8_000, 300_000]);
    expect([0, 0.5, 1].map((random) => delayAfter(2, random))).toEqual([2_000, 1_500, 1_000]);
  });
});

describe('a receiver', () => {
  const at = (nowMs: number) => ({ nowMs, random: 0 });

  it('is paused longer with each failure, and not at all after a success', () => {
    const once = afterFailure(HEALTHY, 0, at(10_000));
    expect(once).toEqual({ failures: 1, failingSinceMs: 10_000, pausedUntilMs: 11_000, round: 1 });
    const twice = afterFailure(once, once.round, at(20_000));
    expect(twice).toEqual({ failures: 2, failingSinceMs: 10_000, pausedUntilMs: 22_000, round: 2 });
    expect(afterSuccess(twice)).toEqual({ ...HEALTHY, round: 2 });
  });

  it('fails once where messages that were under way together failed', () => {
    const once = afterFailure(HEALTHY, 0, at(10_000));
    expect(afterFailure(once, 0, at(10_500))).toBe(once);
  });

  it('is sent sixteen messages at a time, one while it fails, and one where all the room is taken by others', () => {
    const room = (busy: number, messages: number, health = HEALTHY, bytes = 0) =>
      roomFor({ health, busyJobs: new Set(Array.from({ length: busy }, (_, index) => index)) }, { messages, bytes });
    expect([room(0, 0), room(15, 20), room(16, 20)]).toEqual([16, 1, 0]);
    expect([room(1, 62), room(1, 70), room(0, 70)]).toEqual([2, 0, 1]);
    const failing = afterFailure(HEALTHY, 0, at(0));
    expect([room(0, 0, failing), room(3, 3, failing)]).toEqual([1, 0]);
  });

  it('is sent nothing where what is under way fills the memory that it may', () => {
    const idle = { health: HEALTHY, busyJobs: new Set<number>() };
    expect(roomFor(idle, { messages: 1, bytes: 32 * 1024 ** 2 - 1 })).toBe(16);
    expect(roomFor(idle, { messages: 1, bytes: 32 * 1024 ** 2 })).toBe(0);
    expect(isCrowded({ messages: 1, bytes: 32 * 1024 ** 2 })).toBe(true);
  });
});
