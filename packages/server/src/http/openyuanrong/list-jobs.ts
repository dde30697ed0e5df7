import type { FastifyReply, FastifyRequest } from 'fastify';
import type { JobService } from '../../jobs/service.ts';
import { DEFAULT_SORT } from '../../store/job-sort.ts';
import type { JobListQuery, JobPage } from '../../store/store.ts';
import { encodeCursor } from '../listing/cursor.ts';
import { readListQuery } from '../listing/list-query.ts';
import { queryOf } from '../listing/query-parameters.ts';
import { pathOf } from '../security/request-target.ts';
import type { OpenStreams } from '../streaming/open-streams.ts';
import { sendStream } from '../streaming/send-stream.ts';
import { type JobDetailsSettings, renderJobDetails } from './job-details.ts';

export interface ListDoor {
  service: Pick<JobService, 'list'>;
  settings: JobDetailsSettings;
  streams: OpenStreams;
}

/** Jobs that a list without a limit reads and holds at once. */
const STREAMED_PAGE = 200;

const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

/**
 * Answers `GET /api/jobs`: with `limit` one page and a `Link` to the next, without it the whole list, streamed page by page
 * as the client takes it.
 */
export async function listJobs(request: FastifyRequest, reply: FastifyReply, door: ListDoor): Promise<unknown> {
  const query = queryOf(request.url);
  const { filter, after, limit } = readListQuery(query);
  const first: JobListQuery = { filter, limit: limit ?? STREAMED_PAGE };
  if (after !== null) first.after = after;
  // Before any header is sent, so that a failure is still an error.
  const page = await door.service.list(first, door.streams.open(reply.raw, { endsWithServer: false }));

  if (limit === null && page.next !== null && request.method !== 'HEAD') {
    const chunks = (signal: AbortSignal) => renderAll(door, first, page, signal);
    await sendStream(reply, door.streams, { status: 200, headers: HEADERS, isEndless: false, chunks });
    return undefined;
  }
  if (limit !== null && page.next !== null) {
    query.set('cursor', encodeCursor(page.next, DEFAULT_SORT));
    reply.header('link', `<${pathOf(request.url)}?${query}>; rel="next"`);
  }
  return reply.headers(HEADERS).send(`[${renderPage(page, door.settings)}]`);
}

async function* renderAll(
  door: ListDoor,
  first: JobListQuery,
  firstPage: JobPage,
  signal: AbortSignal,
): AsyncGenerator<string> {
  yield `[${renderPage(firstPage, door.settings)}`;
  let { next } = firstPage;
  while (next !== null && !signal.aborted) {
    const page: JobPage = await door.service.list({ ...first, after: next }, signal);
    if (page.jobs.length > 0) yield `,${renderPage(page, door.settings)}`;
    next = page.next;
  }
  yield ']';
}

function renderPage({ jobs }: JobPage, settings: JobDetailsSettings): string {
  return jobs.map((job) => renderJobDetails(job, settings)).join(',');
}
