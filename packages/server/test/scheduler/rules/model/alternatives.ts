import type { ChooseEqual } from './order.ts';
import { type Round, runRound } from './round.ts';
import type { Snapshot } from './snapshot.ts';

/** More ways to break ties than this are not tried. */
const MAX_ALTERNATIVES = 500;

/**
 * The rounds that the rules allow, the likeliest first: there are several only where standings are the same but for the rounding
 * of their last digits. They may be equal, or in an order that stays until the next start.
 */
export function* allowedRounds(snapshot: Snapshot, nowMs: number): Generator<Round> {
  let ties = 0;
  yield runRound(snapshot, nowMs, ([first = '']) => {
    ties += 1;
    return first;
  });
  if (ties === 0) return;
  /** Which of the equals was taken, by the order of asking; and out of how many. */
  let choices: { index: number; of: number }[] = [];
  for (let tried = 0; tried < MAX_ALTERNATIVES; tried += 1) {
    const asked: typeof choices = [];
    yield runRound(snapshot, nowMs, remembering(choices, asked));
    const last = asked.findLastIndex(({ index, of }) => index + 1 < of);
    if (last === -1) return;
    choices = asked.slice(0, last + 1).map((choice, position) => {
      return position === last ? { ...choice, index: choice.index + 1 } : choice;
    });
  }
}

function remembering(choices: readonly { index: number }[], asked: { index: number; of: number }[]): ChooseEqual {
  const known = new Map<string, string>();
  return (tenants, starts) => {
    const question = JSON.stringify([starts, [...tenants].sort()]);
    const answered = known.get(question);
    if (answered !== undefined) return answered;
    const index = choices[asked.length]?.index ?? 0;
    const answer = tenants[index] ?? '';
    asked.push({ index, of: tenants.length });
    known.set(question, answer);
    return answer;
  };
}
