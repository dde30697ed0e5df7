/** Time as the averages count it: it goes on while the clock goes on, and stands still while the clock goes back. */
export interface BookClock {
  /** The clock shows this now. Answers the time of the books, in ms. */
  tick(nowMs: number): number;
  /** The time of the books as it would be at that moment, for questions. */
  at(nowMs: number): number;
}

export function createBookClock(): BookClock {
  let lastMs: number | null = null;
  let bookMs = 0;
  const at = (nowMs: number) => bookMs + (lastMs === null ? 0 : Math.max(0, nowMs - lastMs));

  return {
    tick(nowMs) {
      bookMs = at(nowMs);
      lastMs = nowMs;
      return bookMs;
    },
    at,
  };
}
