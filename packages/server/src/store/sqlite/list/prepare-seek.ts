import type { StatementSync } from 'node:sqlite';
import { integerAt, integerOrNullAt, textAt } from '../column-value.ts';
import type { SeekPlan } from './seek-plan.ts';
import type { SeqRange } from './seq-range.ts';

/** What a look at the next candidates of a range found. */
export interface Seek {
  /** Fewer than asked for: the end of the range is reached. */
  examined: number;
  lastSeq: number | null;
  /** Those that match, in the order of the walk. */
  seqs: number[];
}

/** Looks at the next `chunk` candidates of a range. */
export type SeekCandidates = (range: SeqRange, chunk: number) => Seek;

export function prepareSeek(
  { sql, parameters }: SeekPlan,
  isDescending: boolean,
  prepare: (sql: string) => StatementSync,
): SeekCandidates {
  return ({ firstSeq, endSeq }, chunk) => {
    const row = prepare(sql).get({ ...parameters, firstSeq, endSeq, chunk }) ?? {};
    const seqs: number[] = JSON.parse(textAt(row, 2));
    seqs.sort(isDescending ? (a, b) => b - a : (a, b) => a - b);
    return { examined: integerAt(row, 0), lastSeq: integerOrNullAt(row, 1), seqs };
  };
}
