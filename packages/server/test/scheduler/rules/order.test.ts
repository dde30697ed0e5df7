import { describe, expect, it } from 'vitest';
import { NO_LIMITS } from '../../../src/queue/queue.ts';
import { asking, MACHINE, ruleGame } from './rule-game.ts';

describe('the order of the queue', () => {
  it('is that of submission, whatever is asked for and in which order the jobs come', () => {
    const game = ruleGame();
    game.wait(asking(3, { cpus: 1 }), asking(1), asking(2, { cpus: 2 }), asking(4, { cpus: 1 }));
    expect(game.round()).toEqual([1, 2, 3, 4]);
  });

  it('puts jobs of higher priority first, and those of one priority in the order of submission', () => {
    const game = ruleGame({ maxRunning: 3 });
    game.wait(asking(1), asking(2, {}, { priority: 5 }), asking(3, {}, { priority: 5 }), asking(4, { cpus: 1 }));
    expect(game.round()).toEqual([2, 3, 1]);
  });

  it('puts queues of higher priority first, whatever the priorities of their jobs', () => {
    const game = ruleGame();
    game.queue('urgent', { priority: 10 });
    game.wait(asking(1, {}, { priority: 99 }), asking(2, {}, { queue: 'urgent' }));
    expect(game.round()).toEqual([2, 1]);
  });

  it('starts no more than there are slots', () => {
    const game = ruleGame({ maxRunning: 2 });
    game.wait(asking(1), asking(2), asking(3));
    expect(game.round()).toEqual([1, 2]);
    game.end(1);
    expect(game.round()).toEqual([3]);
  });

  it('sets free resources aside for an older job that does not fit yet', () => {
    const game = ruleGame();
    game.wait(asking(1, { cpus: 2 }));
    game.round();
    game.wait(asking(2, { cpus: 3 }), asking(3, { cpus: 1 }), asking(4, { gpus: 1 }));
    // The third would fit, and would make the second wait longer; the fourth takes nothing that the second needs.
    expect(game.round()).toEqual([4]);
  });

  it('gives each job whole devices of its own, and parts of one to those that ask for a part', () => {
    const { book, wait } = ruleGame();
    wait(asking(1, { gpus: 2 }), asking(2, { gpus: 0.5 }), asking(3, { gpus: 0.5 }), asking(4, { gpus: 0.1 }));
    expect(book.decide(0).map(({ gpus }) => gpus)).toEqual([['0', '1'], ['2'], ['2']]);
  });

  it('fits ten jobs of a tenth into one, in spite of binary fractions', () => {
    const game = ruleGame({ capacity: { ...MACHINE, cpus: 1 } });
    game.wait(...Array.from({ length: 12 }, (_, index) => asking(index + 1, { cpus: 0.1 })));
    expect(game.round()).toHaveLength(10);
  });

  it('looks beyond a tenant that has many different jobs blocked', () => {
    const game = ruleGame();
    game.wait(asking(1, { cpus: 4 }));
    game.round();
    const blocked = Array.from({ length: 50 }, (_, index) => asking(index + 2, { cpus: 1, memoryBytes: index + 1 }));
    game.wait(...blocked, asking(60, { gpus: 1 }, { tenant: 'other' }));
    expect(game.round()).toEqual([60]);
  });
});

describe('queues', () => {
  it('start nothing while they are paused, and let others pass', () => {
    const game = ruleGame();
    game.queue('train', { state: 'paused', priority: 1 });
    game.wait(asking(1, { cpus: 4 }, { queue: 'train' }), asking(2, { cpus: 4 }));
    expect(game.round()).toEqual([2]);
    game.end(2);
    game.queue('train', { state: 'active' });
    expect(game.round()).toEqual([1]);
  });

  it('start what waits while they are drained', () => {
    const game = ruleGame();
    game.queue('train', { state: 'draining' });
    game.wait(asking(1, {}, { queue: 'train' }));
    expect(game.round()).toEqual([1]);
  });

  it('let no more run than their limit says, and leave the machine to the others', () => {
    const game = ruleGame();
    game.queue('train', { limits: { ...NO_LIMITS, running: 1 } });
    game.wait(asking(1, {}, { queue: 'train' }), asking(2, {}, { queue: 'train' }), asking(3));
    expect(game.round()).toEqual([1, 3]);
    expect(game.book.queueUse('train')).toEqual({ waiting: 1, running: 1, cpus: 0, gpus: 0, memoryBytes: 0 });
  });

  it('set their room aside for a job that is too big for what is left of it', () => {
    const game = ruleGame();
    game.queue('train', { limits: { ...NO_LIMITS, cpus: 3 } });
    game.wait(asking(1, { cpus: 1 }, { queue: 'train' }));
    game.round();
    game.wait(asking(2, { cpus: 3 }, { queue: 'train' }), asking(3, { cpus: 1 }, { queue: 'train' }));
    game.wait(asking(4, { cpus: 1 }));
    expect(game.round()).toEqual([4]);
    game.end(1);
    expect(game.round()).toEqual([2]);
  });

  it('count a limit that was lowered from then on', () => {
    const game = ruleGame();
    game.wait(asking(1), asking(2));
    game.queue('default', { limits: { ...NO_LIMITS, running: 1 } });
    expect(game.round()).toEqual([1]);
    game.queue('default', {});
    expect(game.round()).toEqual([2]);
  });
});
