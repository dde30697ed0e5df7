import { expect, it } from 'vitest';
import { engineCapacity } from '../../../src/scheduler/rules/engine-amounts.ts';
import { asking, MACHINE, ruleGame } from './rule-game.ts';

const NOTHING = { running: 0, cpus: 0, gpus: 0, memoryBytes: 0, custom: { NPU: 0 } };

it('an engine has what it was configured with, and as many places as drivers may run', () => {
  expect(engineCapacity(MACHINE, 16)).toEqual({
    running: 16,
    cpus: 4,
    gpus: 3,
    memoryBytes: 1_000,
    custom: { NPU: 2 },
  });
});

it('in use is what running jobs were given, until they are released', () => {
  const game = ruleGame();
  expect(game.book.engineUse('local')).toEqual(NOTHING);
  game.wait(
    asking(1, { cpus: 0.1, gpus: 1.5 }),
    asking(2, { gpus: 0.25, memoryBytes: 400, custom: { NPU: 1 } }),
    asking(3, { cpus: 4 }),
  );
  expect(game.round()).toEqual([1, 2]);
  expect(game.book.engineUse('local')).toEqual({
    running: 2,
    cpus: 0.1,
    gpus: 2.25,
    memoryBytes: 400,
    custom: { NPU: 1 },
  });
  game.end(1);
  expect(game.book.engineUse('local')).toEqual({
    running: 1,
    cpus: 0,
    gpus: 0.25,
    memoryBytes: 400,
    custom: { NPU: 1 },
  });
  game.end(2);
  expect(game.book.engineUse('local')).toEqual(NOTHING);
});

it('more is in use than there is where an adopted job no longer fits', () => {
  const { book } = ruleGame();
  book.apply({ type: 'adopted', job: asking(1, { cpus: 6 }), gpus: ['gone'], atMs: 0, startedAtMs: 0 });
  expect(book.engineUse('local')).toEqual({ ...NOTHING, running: 1, cpus: 6 });
});
