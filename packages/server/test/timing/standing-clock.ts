/** A clock that stands until the test lets time pass: however slow the machine is, nothing is due before. */
export interface StandingClock {
  now(): number;
  pass(ms: number): void;
}

export function standingClock(): StandingClock {
  let nowMs = Date.now();
  return {
    now: () => nowMs,
    pass(ms) {
      nowMs += ms;
    },
  };
}
