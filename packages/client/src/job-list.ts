import type { Job, JobPage, JobSort, JobStatus } from './job.ts';
import { parseJobPage } from './parse-answer.ts';
import type { Transport } from './transport.ts';

/** Which jobs are meant; everything given must hold. */
export interface JobFilter {
  /** Any of these. */
  status?: JobStatus | readonly JobStatus[] | undefined;
  /** Every pair must be among the job's metadata. */
  metadata?: Readonly<Record<string, string>> | undefined;
  /** Inclusive. Texts are RFC 3339. */
  submittedAfter?: Date | string | undefined;
  /** Exclusive. */
  submittedBefore?: Date | string | undefined;
  /** Part of the id, the entrypoint or a metadata value. */
  text?: string | undefined;
  tenant?: string | undefined;
  queue?: string | undefined;
  /** Elements of this array that have become jobs. */
  array?: string | undefined;
  /** Jobs that the schedule of this name has made. */
  schedule?: string | undefined;
}

/** What a list is narrowed by, and its order. */
export interface JobListQuery extends JobFilter {
  /** Absent: the newest jobs come first. */
  sort?: JobSort | undefined;
  /** Jobs in one page; absent: the server's default. */
  limit?: number | undefined;
  /** `next_cursor` of the page before, which had the same `sort`. */
  cursor?: string | undefined;
}

export async function fetchJobPage(transport: Transport, query: JobListQuery, signal?: AbortSignal): Promise<JobPage> {
  return parseJobPage(await transport.sendForJson({ path: '/jobs', query: searchParams(query), signal }));
}

/** Page after page, each fetched when the one before was used up. */
export async function* iterateJobs(
  transport: Transport,
  query: JobListQuery,
  signal?: AbortSignal,
): AsyncGenerator<Job, void, undefined> {
  let cursor = query.cursor;
  do {
    const page = await fetchJobPage(transport, { ...query, cursor }, signal);
    yield* page.jobs;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}

function searchParams({ sort, limit, cursor, ...filter }: JobListQuery): URLSearchParams {
  const params = filterParams(filter);
  if (sort !== undefined) params.append('sort', sort);
  if (limit !== undefined) params.append('limit', String(limit));
  if (cursor !== undefined) params.append('cursor', cursor);
  return params;
}

/** A filter as the server reads it. */
export function filterParams(filter: JobFilter): URLSearchParams {
  const params = new URLSearchParams();
  const append = (name: string, value: string | undefined) => {
    if (value !== undefined) params.append(name, value);
  };
  for (const status of filter.status === undefined ? [] : [filter.status].flat()) append('status', status);
  for (const [key, value] of Object.entries(filter.metadata ?? {})) append(`metadata.${key}`, value);
  append('submitted_after', timeText(filter.submittedAfter));
  append('submitted_before', timeText(filter.submittedBefore));
  append('q', filter.text);
  append('tenant', filter.tenant);
  append('queue', filter.queue);
  append('array', filter.array);
  append('schedule', filter.schedule);
  return params;
}

function timeText(time: Date | string | undefined): string | undefined {
  return time instanceof Date ? time.toISOString() : time;
}
