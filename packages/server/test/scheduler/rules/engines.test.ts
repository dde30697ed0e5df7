import { describe, expect, it } from 'vitest';
import type { EngineRoom } from '../../../src/scheduler/rules/rule-book.ts';
import { asking, MACHINE, ruleGame } from './rule-game.ts';

/** A cluster that has a queue of its own. */
const CLUSTER: EngineRoom = {
  capacity: { cpus: 100, memoryBytes: 0, gpuIds: [], custom: {} },
  maxRunning: 3,
  isRationed: false,
};
const on = (engine: string) => ({ engine });

describe('several engines', () => {
  it('have each its own room: a full one holds nobody up who asks another', () => {
    const game = ruleGame({}, { other: { capacity: MACHINE, maxRunning: 100, isRationed: true } });
    game.wait(asking(1, { cpus: 4 }), asking(2, { cpus: 4 }), asking(3, { cpus: 4 }, on('other')));
    expect(game.round()).toEqual([1, 3]);
    game.end(1);
    expect(game.round()).toEqual([2]);
  });

  it('share the limits of a queue', () => {
    const game = ruleGame({}, { cluster: CLUSTER });
    game.queue('default', { limits: { running: 2, cpus: null, gpus: null, memoryBytes: null } });
    game.wait(asking(1), asking(2, {}, on('cluster')), asking(3, {}, on('cluster')));
    expect(game.round()).toEqual([1, 2]);
    game.end(1);
    expect(game.round()).toEqual([3]);
  });

  it('that have queues of their own are given jobs up to their slots, whatever these ask for', () => {
    const game = ruleGame({}, { cluster: CLUSTER });
    const big = [1, 2, 3, 4].map((seq) => asking(seq, { cpus: 90, gpus: 2 }, on('cluster')));
    game.wait(...big, asking(5, { cpus: 1 }));
    expect(game.round()).toEqual([1, 2, 3, 5]);
    expect(game.book.reasonToWait('job-4')).toMatchObject({
      code: 'TOO_MANY_RUNNING',
      message: expect.stringContaining('3 drivers run already on cluster'),
    });
    expect(game.book.engineUse('cluster')).toMatchObject({ running: 3, cpus: 270, gpus: 6 });
    expect(game.book.engineUse('local')).toMatchObject({ running: 1, cpus: 1, gpus: 0 });
  });

  it('count for a share by what each has, also when it has another amount', () => {
    const game = ruleGame({}, { cluster: CLUSTER });
    game.wait(asking(1, { cpus: 50 }, { engine: 'cluster', tenant: 'a' }));
    game.round();
    expect(game.book.tenantUse('a', 0).dominantShare).toBe(0.5);
    const capacity = { ...CLUSTER.capacity, cpus: 500 };
    game.book.apply({ type: 'engine_changed', name: 'cluster', capacity, atMs: 0 });
    // One of its three slots is more now.
    expect(game.book.tenantUse('a', 0).dominantShare).toBe(1 / 3);
  });

  it('that the server has not keep their jobs waiting, and nobody else', () => {
    const game = ruleGame();
    game.wait(asking(1, {}, on('gone')), asking(2));
    expect(game.round()).toEqual([2]);
    expect(game.book.reasonToWait('job-1')).toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message: expect.stringContaining('needs the engine gone, and this server has none of that name'),
    });
  });
});
