import type { SQLInputValue } from 'node:sqlite';
import { JOB_STATUSES, type JobStatus } from '../../../job/status.ts';
import type { JobFilter } from '../../store.ts';
import { statusNumber } from '../status-number.ts';
import { type BoundFilter, type Conditions, joinsFor, testsOf } from './filter-conditions.ts';

/** With no more jobs than this in the wanted statuses, their index is read rather than that of the metadata or of the text. */
const FEW_JOBS = 2000;

/**
 * One statement that looks at the next `:chunk` candidates from `:firstSeq` (inclusive) to `:endSeq` (exclusive), and
 * answers one row: how many there were, the last seq among them, and the seqs that match, as a JSON array in no order.
 */
export interface SeekPlan {
  sql: string;
  /** Beside `firstSeq`, `endSeq` and `chunk`. */
  parameters: Readonly<Record<string, SQLInputValue>>;
  /** Whether every candidate matches, so that a page needs no more candidates than it has jobs. */
  isExact: boolean;
  /** Whether there are few candidates in all. */
  isShort: boolean;
}

/** What a seek walks: one range of an index, or several merged. */
interface Source {
  ranges: string[];
  /** What its ranges hold true already. */
  answers: ReadonlySet<keyof JobFilter>;
}

/** Chooses the index that narrows a list most, and what is left to compare on each candidate. Pure. */
export function planSeek(
  { conditions, parameters }: BoundFilter,
  isDescending: boolean,
  countOf: (status: JobStatus) => number,
): SeekPlan {
  const { statuses } = conditions;
  const isShort = statuses !== null && statuses.reduce((sum, status) => sum + countOf(status), 0) <= FEW_JOBS;
  const direction = isDescending ? 'DESC' : 'ASC';
  const source = chooseSource(conditions, isShort, direction);
  const tests = testsOf(conditions, source.answers);
  const matching = tests.length === 0 ? '' : ` FILTER (WHERE ${tests.join(' AND ')})`;
  const sql =
    `SELECT count(*), ${isDescending ? 'min' : 'max'}(candidate.seq), json_group_array(candidate.seq)${matching} ` +
    `FROM (${source.ranges.join(' UNION ALL ')} ORDER BY seq ${direction} LIMIT :chunk) AS candidate${joinsFor(tests)}`;
  return { sql, parameters, isExact: tests.length === 0, isShort };
}

function chooseSource(conditions: Conditions, isShort: boolean, direction: 'ASC' | 'DESC'): Source {
  const { statuses, tenant, queue, arrayId, schedule, pairs, needle } = conditions;
  const range = (table: string, condition: string) =>
    `SELECT * FROM (SELECT seq FROM ${table} ` +
    `WHERE ${condition} AND seq < :endSeq AND seq >= :firstSeq ORDER BY seq ${direction} LIMIT :chunk)`;
  if (arrayId !== null) return { ranges: [range('jobs', `array_id = ${arrayId}`)], answers: new Set(['arrayId']) };
  if (schedule !== null && !isShort) {
    return { ranges: [range('jobs', `schedule = ${schedule}`)], answers: new Set(['schedule']) };
  }
  const [pair] = pairs;
  if (pair !== undefined && !isShort) {
    const answers = new Set<keyof JobFilter>(pairs.length === 1 ? ['metadata'] : []);
    return { ranges: [range('job_metadata', `key = ${pair.key} AND value = ${pair.value}`)], answers };
  }
  if (tenant !== null) {
    const ranges = (statuses ?? JOB_STATUSES).map((status) =>
      range('jobs', `tenant = ${tenant} AND status = ${statusNumber(status)}`),
    );
    return { ranges, answers: new Set(['tenant', 'statuses']) };
  }
  // The default queue has no index: nearly all jobs may be in it.
  if (queue !== null && !isShort && queue !== 'queue IS NULL') {
    return { ranges: [range('jobs', queue)], answers: new Set(['queue']) };
  }
  if (statuses !== null) {
    const ranges = statuses.map((status) => range('jobs', `status = ${statusNumber(status)}`));
    return { ranges, answers: new Set(['statuses']) };
  }
  return { ranges: [range(needle === null ? 'jobs' : 'job_search', 'true')], answers: new Set() };
}
