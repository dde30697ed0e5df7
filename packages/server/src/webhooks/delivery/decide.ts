import { retryDelay } from '../../timing/backoff.ts';
import type { DeliveryAttempt, Notice } from '../../webhook/delivery.ts';

const FIRST_DELAY_MS = 1_000;

/** Whoever was down for longer than the greatest age, or this server itself, gets some tries all the same. */
const FEWEST_ATTEMPTS = 10;

const GONE = 410;

export type Verdict =
  | { type: 'delivered' }
  /** Tried again, not before that time. */
  | { type: 'retry'; dueAtMs: number }
  /** The receiver wants no more messages. What waits is kept for the case that somebody turns it on again. */
  | { type: 'gone'; dueAtMs: number }
  | { type: 'give_up' };

/**
 * What becomes of a notice after an attempt.
 *
 * @param random 0 to 1, for the jitter
 */
export function decide(
  { status, problem }: DeliveryAttempt,
  { attempts, atMs }: Notice,
  { nowMs, maxAgeMs, random }: { nowMs: number; maxAgeMs: number; random: number },
): Verdict {
  if (problem === null) return { type: 'delivered' };
  const made = attempts + 1;
  const dueAtMs = nowMs + delayAfter(made, random);
  if (status === GONE) return { type: 'gone', dueAtMs };
  if (nowMs - atMs > maxAgeMs && made >= FEWEST_ATTEMPTS) return { type: 'give_up' };
  return { type: 'retry', dueAtMs };
}

/** Doubles up to five minutes; up to half of it is left out, so that what failed together does not come back together. */
export function delayAfter(failures: number, random: number): number {
  return Math.round(retryDelay(FIRST_DELAY_MS, failures) * (1 - random / 2));
}
