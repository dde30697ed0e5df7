import type { FastifyInstance } from 'fastify';
import type { JobListQuery } from '../../store/store.ts';
import { encodeCursor } from '../listing/cursor.ts';
import { LIST_PARAMETERS, LIST_PREFIXES, readListQuery } from '../listing/list-query.ts';
import { queryOf, refuseUnknownParameters, singleParameter } from '../listing/query-parameters.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { readTenant } from '../routing/request-headers.ts';
import { readIdempotencyKey } from './idempotency-key.ts';
import { jobResource } from './job-resource.ts';
import { type NativeDoor, presentJob, sendJson, sendSubmitted } from './native-door.ts';
import { readSubmission } from './submission.ts';

const DEFAULT_LIMIT = 100;

/** `GET /api/v1/version`, and submit and list at `/api/v1/jobs`. */
export function addCollectionRoutes(app: FastifyInstance, door: NativeDoor): void {
  const { service, streams, version, nodeId } = door;

  addRoutes(app, '/api/v1/version', {
    GET: async (_request, reply) => sendJson(reply, { version, api: 'v1', node_id: nodeId }),
  });

  addRoutes(app, '/api/v1/jobs', {
    GET: async (request, reply) => {
      const query = readNativeList(queryOf(request.url));
      const page = await service.list(query, streams.open(reply.raw, { endsWithServer: false }));
      return sendJson(reply, {
        jobs: page.jobs.map((job) => presentJob(door, job)),
        next_cursor: page.nextBeforeSeq === null ? null : encodeCursor(page.nextBeforeSeq),
      });
    },
    POST: async (request, reply) => {
      const { submission, isDryRun } = readSubmission(request.body, readTenant(request.headers));
      const key = readIdempotencyKey(request.headers);
      if (!isDryRun) return sendSubmitted(door, reply, await service.submitOnce(submission, key));
      const job = await service.preview(submission);
      return sendJson(reply, { dry_run: true, job: { ...jobResource(job, null), id: submission.id } });
    },
  });
}

function readNativeList(query: URLSearchParams): JobListQuery {
  refuseUnknownParameters(query, [...LIST_PARAMETERS, 'tenant'], LIST_PREFIXES);
  const { filter, beforeSeq, limit } = readListQuery(query);
  const tenant = singleParameter(query, 'tenant');
  const list: JobListQuery = {
    filter: tenant === null ? filter : { ...filter, tenant },
    limit: limit ?? DEFAULT_LIMIT,
  };
  if (beforeSeq !== null) list.beforeSeq = beforeSeq;
  return list;
}
