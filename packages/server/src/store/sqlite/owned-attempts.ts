import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Look-ups between two turns of the event loop: about a millisecond. */
const SLICE = 500;

/** Prepares the test of which attempt ids a stored job owns. */
export function prepareOwnedAttempts(db: DatabaseSync): (attemptIds: readonly string[]) => Promise<Set<string>> {
  const select = db.prepare(`
    SELECT 1 FROM jobs WHERE attempt_id = :id
    UNION ALL SELECT 1 FROM past_attempts WHERE attempt_id = :id`);
  return async (attemptIds) => {
    const owned = new Set<string>();
    for (const [index, attemptId] of attemptIds.entries()) {
      if (index > 0 && index % SLICE === 0) await nextTurn();
      if (select.get({ id: attemptId }) !== undefined) owned.add(attemptId);
    }
    return owned;
  };
}
