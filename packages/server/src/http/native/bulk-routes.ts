import type { FastifyInstance } from 'fastify';
import { droverError } from '../../errors/drover-error.ts';
import { type BulkAction, type BulkOptions, changeMany } from '../../jobs/change-many.ts';
import type { JobFilter } from '../../store/store.ts';
import { LIST_PREFIXES, readListQuery } from '../listing/list-query.ts';
import { booleanParameter, queryOf, refuseUnknownParameters, singleParameter } from '../listing/query-parameters.ts';
import type { RouteRequest } from '../routing/add-routes.ts';
import { type NativeDoor, sendJson } from './native-door.ts';
import { readBody } from './read-body.ts';
import { changeJobs, stopJobs } from './schemas/change-jobs.ts';

const FILTERS = ['status', 'submitted_after', 'submitted_before', 'q', 'tenant', 'all'];

/**
 * `POST /api/v1/jobs/stop`, `…/delete` and `…/retry`, for every job that a filter matches. POST alone is routed: with other methods these
 * are jobs with such an id.
 */
export function addBulkRoutes(app: FastifyInstance, door: NativeDoor): void {
  for (const action of ['stop', 'delete', 'retry'] as const) {
    app.post(`/api/v1/jobs/${action}`, async (request: RouteRequest, reply) => {
      const filter = readFilter(queryOf(request.url));
      const options = readOptions(action, request.body ?? {});
      const signal = door.streams.open(reply.raw, { endsWithServer: true });
      const { done, skipped, refused, ids, isComplete } = await changeMany(
        door.service,
        action,
        filter,
        options,
        signal,
      );
      const dryRun = options.isDryRun === true ? { dry_run: true } : {};
      return sendJson(reply, { ...dryRun, done, skipped, refused, ids, complete: isComplete });
    });
  }
}

function readOptions(action: BulkAction, body: unknown): BulkOptions {
  if (action !== 'stop') return { isDryRun: readBody(changeJobs, body).dry_run === true };
  const { dry_run: isDryRun = false, grace_seconds: seconds } = readBody(stopJobs, body);
  return { isDryRun, ...(seconds === undefined ? {} : { graceMs: Math.round(seconds * 1000) }) };
}

/** @throws `INVALID_QUERY` where it is not said whom it is about: nobody means all jobs by leaving something out. */
function readFilter(query: URLSearchParams): JobFilter {
  refuseUnknownParameters(query, FILTERS, LIST_PREFIXES);
  const isAll = booleanParameter(query, 'all');
  const { filter } = readListQuery(query);
  const tenant = singleParameter(query, 'tenant');
  if (tenant !== null) filter.tenant = tenant;
  if (Object.keys(filter).length === 0 && !isAll) {
    throw droverError('INVALID_QUERY', { name: 'all', detail: 'must be true where no filter is given' });
  }
  return filter;
}
