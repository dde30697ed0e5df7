import type { DatabaseSync } from 'node:sqlite';
import type { JobPosition } from '../../job-sort.ts';
import { integerAt, type Row } from '../column-value.ts';
import type { Candidate, SortIndex } from './sort-index.ts';

/** Prepares the list of jobs that have ended, by the time of their end. */
export function prepareEndIndex(db: DatabaseSync, isDescending: boolean): SortIndex {
  const [direction, behind] = isDescending ? (['DESC', '<'] as const) : (['ASC', '>'] as const);
  const columns = 'SELECT seq, ended_at_ms FROM jobs WHERE ended_at_ms IS NOT NULL';
  const selectFirst = db.prepare(`${columns} ORDER BY ended_at_ms ${direction}, seq ${direction} LIMIT ?`);
  // Two ranges of the index: of one that compares both columns SQLite takes the first column only.
  const selectSameTime = db.prepare(
    `${columns} AND ended_at_ms = ? AND seq ${behind} ? ORDER BY seq ${direction} LIMIT ?`,
  );
  const selectBehind = db.prepare(
    `${columns} AND ended_at_ms ${behind} ? ORDER BY ended_at_ms ${direction}, seq ${direction} LIMIT ?`,
  );
  const selectPlaces = db.prepare(`${columns} AND seq IN (SELECT value FROM json_each(?))`);

  return {
    next(after, limit) {
      if (after === null) return selectFirst.all(limit).map(decode);
      const { endedAtMs, seq } = endOf(after);
      const sameTime = selectSameTime.all(endedAtMs, seq, limit);
      return [...sameTime, ...selectBehind.all(endedAtMs, limit - sameTime.length)].map(decode);
    },
    placesOf: (seqs) => selectPlaces.all(JSON.stringify(seqs)).map(decode),
    compare(left, right) {
      const [a, b] = isDescending ? [endOf(right), endOf(left)] : [endOf(left), endOf(right)];
      return a.endedAtMs - b.endedAtMs || a.seq - b.seq;
    },
  };
}

function decode(row: Row): Candidate {
  const seq = integerAt(row, 0);
  return { seq, position: { key: 'ended_at', endedAtMs: integerAt(row, 1), seq } };
}

function endOf(position: JobPosition): { endedAtMs: number; seq: number } {
  if (position.key === 'ended_at') return position;
  throw new Error(`a place by ${position.key} is none by ended_at`);
}
