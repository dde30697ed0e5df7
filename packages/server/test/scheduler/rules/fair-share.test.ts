import { describe, expect, it } from 'vitest';
import { NO_LIMITS } from '../../../src/queue/queue.ts';
import { asking, HALF_LIFE_MS, ruleGame } from './rule-game.ts';

const of = (tenant: string) => ({ tenant });

describe('the share between tenants', () => {
  it('takes turns in a burst of one moment', () => {
    const game = ruleGame({ maxRunning: 4 });
    game.wait(...[1, 2, 3, 4].map((seq) => asking(seq, {}, of('a'))), asking(5, {}, of('b')), asking(6, {}, of('b')));
    expect(game.round()).toEqual([1, 5, 2, 6]);
  });

  it('puts first who has had less of late, and forgets with the half-life', () => {
    const game = ruleGame({ maxRunning: 1 });
    game.wait(asking(1, {}, of('a')));
    game.round(0);
    game.wait(asking(2, {}, of('a')), asking(3, {}, of('b')));
    game.end(1, 10_000);
    expect(game.book.tenantUse('a', 10_000).average).toBeCloseTo(1, 2);
    expect(game.book.tenantUse('a', 10_000 + HALF_LIFE_MS).average).toBeCloseTo(0.5, 2);
    expect(game.round(10_000)).toEqual([3]);
  });

  it('goes by the resource that a tenant holds most of', () => {
    const game = ruleGame({ maxRunning: 100 });
    game.wait(asking(1, { cpus: 1 }, of('a')), asking(2, { gpus: 2 }, of('b')));
    game.round();
    expect(game.book.tenantUse('a', 0).dominantShare).toBeCloseTo(1 / 4);
    expect(game.book.tenantUse('b', 0).dominantShare).toBeCloseTo(2 / 3);
    game.wait(asking(3, { cpus: 2 }, of('b')), asking(4, { cpus: 2 }, of('a')));
    expect(game.round()).toEqual([4]);
  });

  it('gives a tenant of twice the weight twice as much', () => {
    const game = ruleGame({ maxRunning: 6 });
    game.tenant('a', { weight: 2 });
    for (let seq = 1; seq <= 20; seq += 2) game.wait(asking(seq, {}, of('a')), asking(seq + 1, {}, of('b')));
    const started = game.round();
    expect(started.filter((seq) => seq % 2 === 1)).toHaveLength(4);
  });

  it('does not let a priority put one tenant before another', () => {
    const game = ruleGame({ maxRunning: 2 });
    game.wait(
      asking(1, {}, of('a')),
      asking(2, {}, { tenant: 'b', priority: 9 }),
      asking(3, {}, { tenant: 'b', priority: 9 }),
    );
    expect(game.round()).toEqual([2, 1]);
  });

  it('counts no time while the clock goes back', () => {
    const game = ruleGame();
    game.wait(asking(1, {}, of('a')));
    game.round(10_000);
    const before = game.book.tenantUse('a', 10_500).average;
    game.end(1, 10_500);
    game.queue('default', {});
    game.round(2_000);
    expect(game.book.tenantUse('a', 2_000).average).toBeCloseTo(before);
    expect(game.book.tenantUse('a', 2_000 + HALF_LIFE_MS).average).toBeCloseTo(before / 2);
  });

  it('is taken up where the server before this one left it', () => {
    const game = ruleGame({ maxRunning: 1 });
    game.book.apply({ type: 'average_known', tenant: 'a', average: 0.5, atMs: 0 });
    game.wait(asking(1, {}, of('a')), asking(2, {}, of('b')));
    expect(game.round(0)).toEqual([2]);
    expect(game.book.averages(0)).toEqual([{ tenant: 'a', average: 0.5 }]);
  });
});

describe('quotas', () => {
  it('hold over all queues, and let other tenants pass', () => {
    const game = ruleGame();
    game.tenant('a', { quota: { ...NO_LIMITS, cpus: 2 } });
    game.wait(asking(1, { cpus: 2 }, of('a')), asking(2, { cpus: 1 }, { tenant: 'a', queue: 'train' }));
    game.wait(asking(3, { cpus: 1 }, of('b')));
    expect(game.round()).toEqual([1, 3]);
    game.end(1);
    expect(game.round()).toEqual([2]);
  });

  it('do not let a job that is over them hold up its queue', () => {
    const game = ruleGame();
    game.tenant('a', { quota: { ...NO_LIMITS, gpus: 1 } });
    game.queue('train', { limits: { ...NO_LIMITS, gpus: 2 } });
    const inTrain = (seq: number, tenant: string) => asking(seq, { gpus: 1 }, { queue: 'train', tenant });
    game.wait(inTrain(1, 'a'), inTrain(2, 'a'), inTrain(3, 'b'));
    expect(game.round()).toEqual([1, 3]);
  });
});
