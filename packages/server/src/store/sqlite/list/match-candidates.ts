import type { StatementSync } from 'node:sqlite';
import { textAt } from '../column-value.ts';
import { type BoundFilter, joinsFor, testsOf } from './filter-conditions.ts';

/** Answers those of the seqs whose jobs match, in their order. */
export type MatchCandidates = (seqs: readonly number[]) => number[];

/** The statement on `:candidates`, a JSON array; null where everything matches. Pure. */
export function planMatch({ conditions }: BoundFilter): string | null {
  const tests = testsOf(conditions);
  if (tests.length === 0) return null;
  return (
    'SELECT json_group_array(candidate.seq) ' +
    `FROM (SELECT value AS seq FROM json_each(:candidates)) AS candidate${joinsFor(tests)} WHERE ${tests.join(' AND ')}`
  );
}

/** The comparison of jobs that were found otherwise than by their filter. */
export function prepareMatch(filter: BoundFilter, prepare: (sql: string) => StatementSync): MatchCandidates {
  let sql: string | null | undefined;
  return (seqs) => {
    // Many lists never come to it.
    if (sql === undefined) sql = planMatch(filter);
    if (sql === null || seqs.length === 0) return [...seqs];
    const row = prepare(sql).get({ ...filter.parameters, candidates: JSON.stringify(seqs) }) ?? {};
    const matching: number[] = JSON.parse(textAt(row, 0));
    const isMatching = new Set(matching);
    return seqs.filter((seq) => isMatching.has(seq));
  };
}
