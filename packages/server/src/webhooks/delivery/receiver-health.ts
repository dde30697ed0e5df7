import { delayAfter } from './decide.ts';

/**
 * Whether a receiver answers. One that does not is asked by one message at a time, with pauses that grow, whatever the number of those that
 * wait for it.
 */
export interface ReceiverHealth {
  /** Failures in a row. Messages that were under way together and failed count once. */
  failures: number;
  failingSinceMs: number | null;
  pausedUntilMs: number;
  /** Goes up with each failure that was counted; a message remembers the one that it was sent in. */
  round: number;
}

export const HEALTHY: ReceiverHealth = { failures: 0, failingSinceMs: null, pausedUntilMs: 0, round: 0 };

export function afterSuccess({ round }: ReceiverHealth): ReceiverHealth {
  return { ...HEALTHY, round };
}

/** @param sentInRound of the message that failed @param random 0 to 1, for the jitter */
export function afterFailure(
  health: ReceiverHealth,
  sentInRound: number,
  { nowMs, random }: { nowMs: number; random: number },
): ReceiverHealth {
  if (sentInRound !== health.round) return health;
  const failures = health.failures + 1;
  return {
    failures,
    failingSinceMs: health.failingSinceMs ?? nowMs,
    pausedUntilMs: nowMs + delayAfter(failures, random),
    round: health.round + 1,
  };
}
