import type { OverlapRule } from './schedule.ts';

export type OverlapDecision =
  | { type: 'skip' }
  /** The job waits until those of `behind` have ended; those of `toStop` are stopped for it. */
  | { type: 'start'; behind: readonly string[]; toStop: readonly string[] };

/**
 * Decides what becomes of an occurrence while jobs of its schedule have not ended.
 *
 * @param isLate it is made up for: it neither skips nor replaces, but waits for those before it, so that `run_all` runs all, one at a time
 */
export function decideOverlap(rule: OverlapRule, unfinished: readonly string[], isLate: boolean): OverlapDecision {
  if (rule === 'allow' || unfinished.length === 0) return { type: 'start', behind: [], toStop: [] };
  if (isLate) return { type: 'start', behind: unfinished, toStop: [] };
  return rule === 'skip' ? { type: 'skip' } : { type: 'start', behind: unfinished, toStop: unfinished };
}
