import { setImmediate as nextTurn } from 'node:timers/promises';
import { type DueOccurrences, MOST_KEPT } from '../schedule/due.ts';
import type { Recurrence } from '../schedule/recurrence.ts';

/** Beyond this the rest is not counted: a schedule of every second that was away for a year has no use for the number. */
export const MOST_COUNTED = 10_000;

/** An occurrence takes some 50 µs to find. */
const FOUND_IN_ONE_TURN = 50;

/** Finds what has become due behind one moment, up to another. At most {@link MOST_COUNTED} of the older ones are counted. */
export async function collectDue(recurrence: Recurrence, afterMs: number, nowMs: number): Promise<DueOccurrences> {
  let newest: number[] = [];
  let older = 0;
  let found = recurrence.next(afterMs);
  for (let count = 1; found !== null && found <= nowMs; count++) {
    newest.push(found);
    if (newest.length >= 2 * MOST_KEPT) {
      older += newest.length - MOST_KEPT;
      newest = newest.slice(-MOST_KEPT);
    }
    if (older >= MOST_COUNTED) return { newest: recurrence.last(nowMs, MOST_KEPT), older };
    if (count % FOUND_IN_ONE_TURN === 0) await nextTurn();
    found = recurrence.next(found);
  }
  older += Math.max(0, newest.length - MOST_KEPT);
  return { newest: newest.slice(-MOST_KEPT), older };
}
