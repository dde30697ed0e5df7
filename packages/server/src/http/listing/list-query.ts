import { droverError } from '../../errors/drover-error.ts';
import { JOB_STATUSES, type JobStatus } from '../../job/status.ts';
import { DEFAULT_SORT, JOB_SORTS, type JobPosition, type JobSort } from '../../store/job-sort.ts';
import type { JobFilter } from '../../store/store.ts';
import { decodeCursor } from './cursor.ts';
import { singleParameter, wholeParameter } from './query-parameters.ts';
import { parseTime } from './time-parameter.ts';

const METADATA_PREFIX = 'metadata.';
export const MAX_LIMIT = 1000;
/** Of statuses, and of metadata pairs: each pair is a condition of the store's query, which cannot hold any number of them. */
export const MAX_REPETITIONS = 16;

/** What a list request asks for, in every dialect. */
export interface ListRequest {
  filter: JobFilter;
  /** Where the page before ended; null where none was given. */
  after: JobPosition | null;
  /** 1 to 1000; null where none was given. */
  limit: number | null;
}

export const LIST_PARAMETERS = ['limit', 'cursor', 'status', 'submitted_after', 'submitted_before', 'q'] as const;
export const LIST_PREFIXES = [METADATA_PREFIX] as const;

/**
 * Reads `limit`, `cursor`, `status` (up to 16), `metadata.KEY=VALUE` (up to 16), `submitted_after` (inclusive),
 * `submitted_before` (exclusive) and `q`.
 *
 * @throws `INVALID_QUERY`, also for a cursor of another sort
 */
export function readListQuery(query: URLSearchParams, sort: JobSort = DEFAULT_SORT): ListRequest {
  const cursor = singleParameter(query, 'cursor');
  return {
    filter: readFilter(query),
    after: cursor === null ? null : decodeCursor(cursor, sort),
    limit: wholeParameter(query, 'limit', 1, MAX_LIMIT),
  };
}

/** Reads `sort`. @throws `INVALID_QUERY` */
export function readSort(query: URLSearchParams): JobSort {
  const text = singleParameter(query, 'sort');
  if (text === null) return DEFAULT_SORT;
  const sort = JOB_SORTS.find((known) => known === text);
  if (sort !== undefined) return sort;
  throw droverError('INVALID_QUERY', { name: 'sort', detail: `must be one of ${JOB_SORTS.join(', ')}` });
}

function readFilter(query: URLSearchParams): JobFilter {
  const filter: JobFilter = {};
  const statuses = bounded(query.getAll('status'), 'status').map(parseStatus);
  if (statuses.length > 0) filter.statuses = [...new Set(statuses)];
  const metadata = readMetadata(query);
  if (metadata !== null) filter.metadata = metadata;
  const afterMs = readTime(query, 'submitted_after');
  if (afterMs !== null) filter.submittedAfterMs = afterMs;
  const beforeMs = readTime(query, 'submitted_before');
  if (beforeMs !== null) filter.submittedBeforeMs = beforeMs;
  const text = singleParameter(query, 'q');
  if (text !== null && text !== '') filter.text = text;
  return filter;
}

function parseStatus(text: string): JobStatus {
  const status = JOB_STATUSES.find((known) => known === text);
  if (status !== undefined) return status;
  throw droverError('INVALID_QUERY', { name: 'status', detail: `must be one of ${JOB_STATUSES.join(', ')}` });
}

function readMetadata(query: URLSearchParams): Record<string, string> | null {
  const names = [...new Set(query.keys())].filter((name) => name.startsWith(METADATA_PREFIX));
  bounded(names, `${METADATA_PREFIX}KEY`);
  if (names.length === 0) return null;
  // fromEntries, since an assignment to the key __proto__ would be lost.
  return Object.fromEntries(
    names.map((name) => [name.slice(METADATA_PREFIX.length), singleParameter(query, name) ?? '']),
  );
}

function bounded(given: readonly string[], name: string): readonly string[] {
  if (given.length <= MAX_REPETITIONS) return given;
  throw droverError('INVALID_QUERY', { name, detail: `may be given at most ${MAX_REPETITIONS} times` });
}

function readTime(query: URLSearchParams, name: string): number | null {
  const text = singleParameter(query, name);
  if (text === null) return null;
  const atMs = parseTime(text);
  if (atMs !== null) return atMs;
  throw droverError('INVALID_QUERY', {
    name,
    detail: 'must be a time as in 2026-11-23T08:00:00Z, or milliseconds since 1970',
  });
}
