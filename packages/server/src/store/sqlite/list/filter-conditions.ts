import type { SQLInputValue } from 'node:sqlite';
import type { JobStatus } from '../../../job/status.ts';
import type { JobFilter } from '../../store.ts';
import { listedQueue } from '../job-row.ts';
import { foldSearch } from '../search-text.ts';
import { statusNumber } from '../status-number.ts';

/** The filter with its values bound: each string is a parameter's name. */
export interface Conditions {
  statuses: readonly JobStatus[] | null;
  tenant: string | null;
  /** A condition on the column of `jobs`. */
  queue: string | null;
  arrayId: string | null;
  schedule: string | null;
  pairs: readonly { key: string; value: string }[];
  needle: string | null;
  afterMs: string | null;
  beforeMs: string | null;
}

export interface BoundFilter {
  conditions: Conditions;
  parameters: Readonly<Record<string, SQLInputValue>>;
  /** As it is compared with the search texts; null for none. */
  needle: string | null;
}

const NOTHING: ReadonlySet<keyof JobFilter> = new Set();

export function bindFilter(filter: JobFilter): BoundFilter {
  const parameters: Record<string, SQLInputValue> = {};
  const bind = (name: string, value: SQLInputValue) => {
    parameters[name] = value;
    return `:${name}`;
  };
  const pairs = Object.entries(filter.metadata ?? {}).map(([key, value], index) => ({
    key: bind(`key${index}`, key),
    value: bind(`value${index}`, value),
  }));
  const needle = filter.text === undefined || filter.text === '' ? null : foldSearch(filter.text);
  const conditions: Conditions = {
    statuses: filter.statuses === undefined ? null : [...new Set(filter.statuses)],
    tenant: filter.tenant === undefined ? null : bind('tenant', filter.tenant),
    queue: filter.queue === undefined ? null : queueTest(listedQueue(filter.queue), bind),
    arrayId: filter.arrayId === undefined ? null : bind('arrayId', filter.arrayId),
    schedule: filter.schedule === undefined ? null : bind('schedule', filter.schedule),
    pairs,
    needle: needle === null ? null : bind('needle', needle),
    afterMs: filter.submittedAfterMs === undefined ? null : bind('afterMs', filter.submittedAfterMs),
    beforeMs: filter.submittedBeforeMs === undefined ? null : bind('beforeMs', filter.submittedBeforeMs),
  };
  return { conditions, parameters, needle };
}

function queueTest(queue: string | null, bind: (name: string, value: string) => string): string {
  return queue === null ? 'queue IS NULL' : `queue = ${bind('queue', queue)}`;
}

/** What has to be compared on each candidate, of the conditions that are not `answered` by where it was found. */
export function testsOf(conditions: Conditions, answered: ReadonlySet<keyof JobFilter> = NOTHING): string[] {
  const { statuses, tenant, queue, arrayId, schedule, pairs, needle, afterMs, beforeMs } = conditions;
  const tests: string[] = [];
  if (statuses !== null && !answered.has('statuses')) {
    tests.push(`jobs.status IN (${statuses.map(statusNumber).join(', ')})`);
  }
  if (tenant !== null && !answered.has('tenant')) tests.push(`jobs.tenant = ${tenant}`);
  if (queue !== null && !answered.has('queue')) tests.push(`jobs.${queue}`);
  if (arrayId !== null && !answered.has('arrayId')) tests.push(`jobs.array_id = ${arrayId}`);
  if (schedule !== null && !answered.has('schedule')) tests.push(`jobs.schedule = ${schedule}`);
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

/** The tables that the tests look into, joined to `candidate`. `CROSS JOIN` keeps SQLite from turning the walk around. */
export function joinsFor(tests: readonly string[]): string {
  return ['jobs', 'job_search']
    .filter((table) => tests.some((test) => test.includes(`${table}.`)))
    .map((table) => ` CROSS JOIN ${table} ON ${table}.seq = candidate.seq`)
    .join('');
}
