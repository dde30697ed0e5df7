import type { FastifyInstance } from 'fastify';
import { droverError } from '../../errors/drover-error.ts';
import { type BulkAction, type BulkOptions, changeMany } from '../../jobs/change-many.ts';
import type { JobFilter } from '../../store/store.ts';
import { readListQuery } from '../listing/list-query.ts';
import { queryOf } from '../listing/query-parameters.ts';
import { described } from '../openapi/described.ts';
import type { Operation } from '../openapi/operation.ts';
import { flag, readQuery } from '../openapi/query-parameter.ts';
import type { RouteRequest } from '../routing/add-routes.ts';
import { withNativeFilter } from './job-filter.ts';
import { filterParameters } from './list-parameters.ts';
import { type NativeDoor, sendJson } from './native-door.ts';
import { readBody } from './read-body.ts';
import { bulkAnswer } from './schemas/bulk-answer.ts';
import { changeJobs, stopJobs } from './schemas/change-jobs.ts';
import type { Sent } from './schemas/sent.ts';

const allParameter = {
  all: flag('Must be true where no filter is given: nobody means all jobs by leaving something out.'),
};

const BODIES = { stop: stopJobs, delete: changeJobs, retry: changeJobs };

const SUMMARIES = {
  stop: 'Stop every job that a filter matches; without `status`, those that have not ended',
  delete: 'Delete every job that a filter matches; without `status`, all that have ended',
  retry: 'Submit copies of every job that a filter matches; without `status`, those that failed',
};

const DESCRIPTION =
  'Jobs in a status for which the action is not possible are not met, nor are those that are submitted meanwhile. Where `complete` is false, ' +
  'the same stop or delete goes on with the rest, while a retry would begin again.';

function operationOf(action: BulkAction): Operation {
  return {
    id: `${action}Jobs`,
    tag: 'Many jobs',
    summary: SUMMARIES[action],
    description: DESCRIPTION,
    query: { ...filterParameters, ...allParameter },
    body: { content: { 'application/json': BODIES[action] }, isRequired: false },
    answers: { 200: { description: 'What was done.', content: { 'application/json': bulkAnswer } } },
    errors: ['STORAGE_FULL'],
  };
}

/**
 * `POST /api/v1/jobs/stop`, `…/delete` and `…/retry`, for every job that a filter matches. POST alone is routed: with other methods these
 * are jobs with such an id.
 */
export function addBulkRoutes(app: FastifyInstance, door: NativeDoor): void {
  for (const action of ['stop', 'delete', 'retry'] as const) {
    const { handler, ...config } = described(operationOf(action), async (request: RouteRequest, reply) => {
      const filter = readFilter(request.url);
      const options = readOptions(action, request.body ?? {});
      const signal = door.streams.open(reply.raw, { endsWithServer: true });
      const { done, skipped, refused, ids, isComplete } = await changeMany(
        door.service,
        action,
        filter,
        options,
        signal,
      );
      const dryRun = options.isDryRun === true ? { dry_run: true as const } : {};
      return sendJson<Sent<typeof bulkAnswer>>(reply, { ...dryRun, done, skipped, refused, ids, complete: isComplete });
    });
    app.post(`/api/v1/jobs/${action}`, { config }, handler);
  }
}

function readOptions(action: BulkAction, body: unknown): BulkOptions {
  if (action !== 'stop') return { isDryRun: readBody(changeJobs, body).dry_run === true };
  const { dry_run: isDryRun = false, grace_seconds: seconds } = readBody(stopJobs, body);
  return { isDryRun, ...(seconds === undefined ? {} : { graceMs: Math.round(seconds * 1000) }) };
}

/** @throws `INVALID_QUERY` where it is not said whom it is about */
function readFilter(url: string): JobFilter {
  const query = queryOf(url);
  const filter = withNativeFilter(query, readListQuery(query).filter);
  if (!readQuery(allParameter, url).all && Object.keys(filter).length === 0) {
    throw droverError('INVALID_QUERY', { name: 'all', detail: 'must be true where no filter is given' });
  }
  return filter;
}
