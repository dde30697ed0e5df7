import { describe, expect, it } from 'vitest';
import { asking, ruleGame } from './rule-game.ts';

const until = (boundMs: number) => ({ boundMs });

describe('backfill', () => {
  /** Three of four CPUs are busy until 1000, and a job waits that needs all four. */
  function bigJobWaits() {
    const game = ruleGame();
    game.wait(asking(1, { cpus: 3 }, until(1_000)));
    game.round(0);
    game.wait(asking(2, { cpus: 4 }));
    expect(game.round(0)).toEqual([]);
    return game;
  }

  it('lets a job pass that ends before the older one can start', () => {
    const { book, wait } = bigJobWaits();
    wait(asking(3, { cpus: 1 }, until(1_000)));
    expect(book.decide(0)).toEqual([{ job: expect.objectContaining({ seq: 3 }), gpus: [], isBackfill: true }]);
  });

  it('lets no job pass that ends later, or nobody knows when', () => {
    const game = bigJobWaits();
    game.wait(asking(3, { cpus: 1 }, until(1_001)), asking(4, { cpus: 1 }));
    expect(game.round(0)).toEqual([]);
  });

  it('counts the bound from when the driver has begun', () => {
    const game = bigJobWaits();
    game.wait(asking(3, { cpus: 1 }, until(1_500)));
    expect(game.round(0)).toEqual([]);
    game.book.apply({ type: 'started', jobId: 'job-1', startedAtMs: 500 });
    expect(game.round(0)).toEqual([3]);
  });

  it('knows no time where a job without a bound stands in the way', () => {
    const game = ruleGame();
    game.wait(asking(1, { cpus: 2 }), asking(2, { cpus: 1 }, until(100)));
    game.round(0);
    game.wait(asking(3, { cpus: 4 }), asking(4, { cpus: 1 }, until(10)));
    expect(game.round(0)).toEqual([]);
  });

  it('lends each reserved resource only once', () => {
    const game = bigJobWaits();
    game.wait(asking(3, { cpus: 1 }, until(900)), asking(4, { cpus: 0.5 }, until(800)));
    expect(game.round(0)).toEqual([3]);
  });

  it('lends devices too', () => {
    const game = ruleGame();
    game.wait(asking(1, { gpus: 1 }, until(1_000)));
    game.round(0);
    game.wait(asking(2, { gpus: 3 }), asking(3, { gpus: 1 }, until(500)), asking(4, { gpus: 0.5 }, until(500)));
    expect(game.round(0)).toEqual([3, 4]);
  });

  it('starts the big job at its time, however many small ones come', () => {
    const game = ruleGame();
    game.wait(asking(1, { cpus: 1 }, until(1_000)));
    game.round(0);
    game.wait(asking(2, { cpus: 4 }, until(1_000)));
    let seq = 3;
    const running = new Map<number, number>([[1, 1_000]]);
    for (let nowMs = 0; nowMs <= 1_000; nowMs += 100) {
      for (const [job, endMs] of running) if (endMs <= nowMs) game.end(job, nowMs);
      game.wait(asking(seq, { cpus: 1 }, until(300)), asking(seq + 1, { cpus: 1 }));
      seq += 2;
      for (const started of game.round(nowMs)) running.set(started, nowMs + 300);
    }
    expect(running.has(2)).toBe(true);
    // Small ones ran meanwhile, those alone that end in time.
    expect([...running.keys()].filter((job) => job > 2).length).toBeGreaterThan(5);
    expect([...running.keys()].filter((job) => job > 2).every((job) => job % 2 === 1)).toBe(true);
  });
});
