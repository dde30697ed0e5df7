import type { DatabaseSync } from 'node:sqlite';
import type { JobPosition } from '../../job-sort.ts';
import { integerAt, type Row, textAt } from '../column-value.ts';
import type { Candidate, SortIndex } from './sort-index.ts';

/** Prepares the list of all jobs by id, in the order of its bytes in UTF-8. */
export function prepareIdIndex(db: DatabaseSync, isDescending: boolean): SortIndex {
  const [direction, behind] = isDescending ? (['DESC', '<'] as const) : (['ASC', '>'] as const);
  const selectFirst = db.prepare(`SELECT seq, id FROM jobs ORDER BY id ${direction} LIMIT ?`);
  const selectBehind = db.prepare(`SELECT seq, id FROM jobs WHERE id ${behind} ? ORDER BY id ${direction} LIMIT ?`);
  const selectPlaces = db.prepare('SELECT seq, id FROM jobs WHERE seq IN (SELECT value FROM json_each(?))');

  return {
    next: (after, limit) =>
      (after === null ? selectFirst.all(limit) : selectBehind.all(idOf(after), limit)).map(decode),
    placesOf: (seqs) => selectPlaces.all(JSON.stringify(seqs)).map(decode),
    compare(left, right) {
      const [a, b] = isDescending ? [right, left] : [left, right];
      return Buffer.compare(Buffer.from(idOf(a)), Buffer.from(idOf(b)));
    },
  };
}

function decode(row: Row): Candidate {
  return { seq: integerAt(row, 0), position: { key: 'id', id: textAt(row, 1) } };
}

function idOf(position: JobPosition): string {
  if (position.key === 'id') return position.id;
  throw new Error(`a place by ${position.key} is none by id`);
}
