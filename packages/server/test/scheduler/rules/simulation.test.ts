import { describe, expect, it } from 'vitest';
import { createRuleBook } from '../../../src/scheduler/rules/create-rule-book.ts';
import { generateScenario } from './simulation/generate.ts';
import { play } from './simulation/play.ts';
import type { Scenario } from './simulation/scenario.ts';
import { shrink } from './simulation/shrink.ts';

/** Seeds to play: how many from 1 on, or `from-to`. */
const SEEDS = process.env.DROVER_TEST_SEEDS ?? '10000';
const [firstSeed = 1, lastSeed = 0] = (SEEDS.includes('-') ? SEEDS : `1-${SEEDS}`).split('-').map(Number);
/** So many in one test: the runner hears from its worker in between. */
const SEEDS_OF_ONE_TEST = 500;
/** Far more than it takes: other things run on the machine as well. */
const TIMEOUT_MS = 180_000;

describe('the rule book', () => {
  it('is played with at least one seed', () => {
    expect(lastSeed).toBeGreaterThanOrEqual(firstSeed);
  });

  for (let from = firstSeed; from <= lastSeed; from += SEEDS_OF_ONE_TEST) {
    const to = Math.min(lastSeed, from + SEEDS_OF_ONE_TEST - 1);
    it(
      `decides as the model does, and keeps what was promised: seeds ${from} to ${to}`,
      () => {
        for (let seed = from; seed <= to; seed += 1) {
          const scenario = generateScenario(seed);
          if (failureOf(scenario) !== null) throw new Error(reportOf(seed, scenario));
        }
      },
      TIMEOUT_MS,
    );
  }
});

type Tell = Parameters<typeof play>[2];

function failureOf(scenario: Scenario, tell?: Tell): string | null {
  try {
    play(scenario, createRuleBook, tell);
    return null;
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** What went wrong, without the names and numbers. */
const kindOf = (failure: string | null) => failure?.split(/["\d[]/)[0];

/** Everything that happens until it fails, in a scenario that was made as small as it goes on failing in the same way. */
function reportOf(seed: number, scenario: Scenario): string {
  const kind = kindOf(failureOf(scenario));
  const smallest = shrink(scenario, (smaller) => kindOf(failureOf(smaller)) === kind);
  const lines: string[] = [];
  const tell: Tell = (wallMs, what, about) => lines.push(`${wallMs} ${what} ${JSON.stringify(about)}`);
  const failure = failureOf(smallest, tell) ?? '';
  const repeat = `DROVER_TEST_SEEDS=${seed}-${seed} plays it alone`;
  return [failure, repeat, JSON.stringify(smallest.engines), ...lines].join('\n');
}
