import type { SQLInputValue } from 'node:sqlite';
import { JOB_STATUSES, type JobStatus } from '../../job/status.ts';
import type { JobFilter } from '../store.ts';
import { foldSearch } from './search-text.ts';
import { statusNumber } from './status-number.ts';

/** With no more jobs than this in the wanted statuses, their index is read rather than that of the metadata. */
const FEW_JOBS = 2000;

/**
 * One statement that looks at the next `:chunk` candidates below `:beforeSeq`, down to `:firstSeq`, and answers one row:
 * how many there were, the lowest seq among them, and the seqs that match, as a JSON array in no order.
 */
export interface SeekPlan {
  sql: string;
  /** Beside `beforeSeq`, `firstSeq` and `chunk`. */
  parameters: Readonly<Record<string, SQLInputValue>>;
  /** Whether every candidate matches, so that a page needs no more candidates than it has jobs. */
  isExact: boolean;
}

/** What a seek walks: one range of an index, or several merged. */
interface Source {
  ranges: string[];
  /** What its ranges hold true already. */
  answers: ReadonlySet<keyof JobFilter>;
}

/** Chooses the index that narrows a list most, and what is left to compare on each candidate. Pure. */
export function planSeek(filter: JobFilter, countOf: (status: JobStatus) => number): SeekPlan {
  const parameters: Record<string, SQLInputValue> = {};
  const bind = (name: string, value: SQLInputValue) => {
    parameters[name] = value;
    return `:${name}`;
  };
  const pairs = Object.entries(filter.metadata ?? {}).map(([key, value], index) => ({
    key: bind(`key${index}`, key),
    value: bind(`value${index}`, value),
  }));
  const wanted: Conditions = {
    statuses: filter.statuses === undefined ? null : [...new Set(filter.statuses)],
    tenant: filter.tenant === undefined ? null : bind('tenant', filter.tenant),
    pairs,
    needle: filter.text === undefined || filter.text === '' ? null : bind('needle', foldSearch(filter.text)),
    afterMs: filter.submittedAfterMs === undefined ? null : bind('afterMs', filter.submittedAfterMs),
    beforeMs: filter.submittedBeforeMs === undefined ? null : bind('beforeMs', filter.submittedBeforeMs),
  };
  const source = chooseSource(wanted, countOf);
  const tests = remainingTests(wanted, source.answers);
  return { sql: seekSql(source.ranges, tests), parameters, isExact: tests.length === 0 };
}

/** The filter with its values bound: each string is a parameter's name. */
interface Conditions {
  statuses: readonly JobStatus[] | null;
  tenant: string | null;
  pairs: readonly { key: string; value: string }[];
  needle: string | null;
  afterMs: string | null;
  beforeMs: string | null;
}

function chooseSource(wanted: Conditions, countOf: (status: JobStatus) => number): Source {
  const { statuses, tenant, pairs, needle } = wanted;
  const [pair] = pairs;
  const isFew = statuses !== null && statuses.reduce((sum, status) => sum + countOf(status), 0) <= FEW_JOBS;
  if (pair !== undefined && !isFew) {
    const answers = new Set<keyof JobFilter>(pairs.length === 1 ? ['metadata'] : []);
    return { ranges: [range('job_metadata', `key = ${pair.key} AND value = ${pair.value}`)], answers };
  }
  if (tenant !== null) {
    const ranges = (statuses ?? JOB_STATUSES).map((status) =>
      range('jobs', `tenant = ${tenant} AND status = ${statusNumber(status)}`),
    );
    return { ranges, answers: new Set(['tenant', 'statuses']) };
  }
  if (statuses !== null) {
    const ranges = statuses.map((status) => range('jobs', `status = ${statusNumber(status)}`));
    return { ranges, answers: new Set(['statuses']) };
  }
  return { ranges: [range(needle === null ? 'jobs' : 'job_search', 'true')], answers: new Set() };
}

function range(table: string, condition: string): string {
  return (
    `SELECT * FROM (SELECT seq FROM ${table} ` +
    `WHERE ${condition} AND seq < :beforeSeq AND seq >= :firstSeq ORDER BY seq DESC LIMIT :chunk)`
  );
}

function remainingTests(wanted: Conditions, answered: ReadonlySet<keyof JobFilter>): string[] {
  const { statuses, tenant, pairs, needle, afterMs, beforeMs } = wanted;
  const tests: string[] = [];
  if (statuses !== null && !answered.has('statuses')) {
    tests.push(`jobs.status IN (${statuses.map(statusNumber).join(', ')})`);
  }
  if (tenant !== null && !answered.has('tenant')) tests.push(`jobs.tenant = ${tenant}`);
  if (afterMs !== null) tests.push(`jobs.submitted_at_ms >= ${afterMs}`);
  if (beforeMs !== null) tests.push(`jobs.submitted_at_ms < ${beforeMs}`);
  if (!answered.has('metadata')) {
    for (const { key, value } of pairs) {
      tests.push(
        `EXISTS (SELECT 1 FROM job_metadata m WHERE m.key = ${key} AND m.value = ${value} AND m.seq = candidate.seq)`,
      );
    }
  }
  if (needle !== null) tests.push(`instr(job_search.text, ${needle}) > 0`);
  return tests;
}

/** `CROSS JOIN` keeps SQLite from turning the walk around. */
function seekSql(ranges: readonly string[], tests: readonly string[]): string {
  const joined = ['jobs', 'job_search']
    .filter((table) => tests.some((test) => test.includes(`${table}.`)))
    .map((table) => ` CROSS JOIN ${table} ON ${table}.seq = candidate.seq`);
  const matching = tests.length === 0 ? '' : ` FILTER (WHERE ${tests.join(' AND ')})`;
  return (
    `SELECT count(*), min(candidate.seq), json_group_array(candidate.seq)${matching} ` +
    `FROM (${ranges.join(' UNION ALL ')} ORDER BY seq DESC LIMIT :chunk) AS candidate${joined.join('')}`
  );
}
