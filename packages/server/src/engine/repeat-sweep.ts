import { setImmediate as nextTurn } from 'node:timers/promises';

/** So many are looked at before the event loop has its turn. */
const PER_TURN = 25;

/**
 * Visits all of `list()` every `intervalMs`, a few per turn of the event loop; a round begins when the one before is done.
 * Answers what ends that.
 */
export function repeatSweep<T>(intervalMs: number, list: () => readonly T[], visit: (item: T) => void): () => void {
  let ended = false;
  let timer = setTimeout(round, intervalMs);

  async function round(): Promise<void> {
    let count = 0;
    for (const item of list()) {
      if (ended) return;
      visit(item);
      count += 1;
      if (count % PER_TURN === 0) await nextTurn();
    }
    if (!ended) timer = setTimeout(round, intervalMs);
  }

  return () => {
    ended = true;
    clearTimeout(timer);
  };
}
