import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { DEFAULT_SORT } from '../../store/job-sort.ts';
import type { JobListQuery } from '../../store/store.ts';
import { encodeCursor } from '../listing/cursor.ts';
import { readListQuery, readSort } from '../listing/list-query.ts';
import { queryOf } from '../listing/query-parameters.ts';
import { described } from '../openapi/described.ts';
import type { Operation } from '../openapi/operation.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { readTenant, tenantHeader } from '../routing/request-headers.ts';
import { readTraceContext, traceHeaders } from '../routing/trace-context.ts';
import { idempotencyKey, readIdempotencyKey } from './idempotency-key.ts';
import { withNativeFilter } from './job-filter.ts';
import { jobResource } from './job-resource.ts';
import { DEFAULT_LIMIT, listParameters } from './list-parameters.ts';
import { type NativeDoor, presentJob, sendJson, sendSubmitted } from './native-door.ts';
import { locationHeader, replayedHeader, submitErrors } from './operation-parts.ts';
import { dryRun, job as jobSchema } from './schemas/job.ts';
import { jobPage } from './schemas/job-page.ts';
import type { Sent } from './schemas/sent.ts';
import { serverVersion } from './schemas/server-version.ts';
import { submitJob as submitJobBody } from './schemas/submit-job.ts';
import { readSubmission } from './submission.ts';

const getVersion = {
  id: 'getVersion',
  tag: 'Server',
  summary: 'Version of the server, id of the node',
  answers: { 200: { description: 'What serves here.', content: { 'application/json': serverVersion } } },
  errors: [],
} satisfies Operation;

const listJobs = {
  id: 'listJobs',
  tag: 'Jobs',
  summary: 'List jobs',
  description: 'A page stands where it stands: jobs that are submitted meanwhile do not shift it.',
  query: listParameters,
  answers: { 200: { description: 'A page of jobs.', content: { 'application/json': jobPage } } },
  errors: [],
} satisfies Operation;

const submitJob = {
  id: 'submitJob',
  tag: 'Jobs',
  summary: 'Submit a job',
  description:
    'Answered when the job is on disk. A submit whose answer was lost can be sent again with the same `Idempotency-Key`, or with the same ' +
    '`id` in the body: exactly one job is made. With `dry_run` everything is checked and nothing is stored.',
  headers: {
    'X-Tenant-Id': tenantHeader,
    'Idempotency-Key': idempotencyKey,
    ...traceHeaders,
  },
  body: { content: { 'application/json': submitJobBody }, isRequired: true },
  answers: {
    200: {
      description:
        'The job of an earlier submit as it is now (`Idempotency-Replayed: true`), or what `dry_run` has found.',
      content: { 'application/json': z.union([jobSchema, dryRun]) },
      headers: {
        Location: { ...locationHeader, isRequired: false },
        'Idempotency-Replayed': { ...replayedHeader, isRequired: false },
      },
    },
    201: {
      description: 'The new job.',
      content: { 'application/json': jobSchema },
      headers: { Location: locationHeader },
    },
  },
  errors: ['INVALID_JOB_ID', 'JOB_EXISTS', ...submitErrors],
} satisfies Operation;

/** `GET /api/v1/version`, and submit and list at `/api/v1/jobs`. */
export function addCollectionRoutes(app: FastifyInstance, door: NativeDoor): void {
  const { service, streams, version, nodeId } = door;

  addRoutes(app, '/api/v1/version', {
    GET: described(getVersion, async (_request, reply) =>
      sendJson<Sent<typeof serverVersion>>(reply, { version, api: 'v1', node_id: nodeId }),
    ),
  });

  addRoutes(app, '/api/v1/jobs', {
    GET: described(listJobs, async (request, reply) => {
      const query = readNativeList(queryOf(request.url));
      const page = await service.list(query, streams.open(reply.raw, { endsWithServer: false }));
      return sendJson<Sent<typeof jobPage>>(reply, {
        jobs: page.jobs.map((job) => presentJob(door, job)),
        next_cursor: page.next === null ? null : encodeCursor(page.next, query.sort ?? DEFAULT_SORT),
      });
    }),
    POST: described(submitJob, async (request, reply) => {
      const { submission: asked, isDryRun } = readSubmission(request.body, readTenant(request.headers));
      const submission = { ...asked, ...readTraceContext(request.headers) };
      const key = readIdempotencyKey(request.headers);
      if (!isDryRun) return sendSubmitted(door, reply, await service.submitOnce(submission, key));
      const job = await service.preview(submission);
      return sendJson<Sent<typeof dryRun>>(reply, {
        dry_run: true,
        job: { ...jobResource(job, null), id: submission.id },
      });
    }),
  });
}

function readNativeList(query: URLSearchParams): JobListQuery {
  const sort = readSort(query);
  const { filter, after, limit } = readListQuery(query, sort);
  const list: JobListQuery = {
    filter: withNativeFilter(query, filter),
    sort,
    limit: limit ?? DEFAULT_LIMIT,
  };
  if (after !== null) list.after = after;
  return list;
}
