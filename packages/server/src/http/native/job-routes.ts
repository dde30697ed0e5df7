import type { FastifyInstance, FastifyReply } from 'fastify';
import { droverError } from '../../errors/drover-error.ts';
import { isTerminal } from '../../job/status.ts';
import { attemptNumber } from '../../jobs/log/attempt-to-read.ts';
import { jobEtag, matchesEtag, representationTag } from '../conditional/etag.ts';
import {
  booleanParameter,
  queryOf,
  refuseUnknownParameters,
  singleParameter,
  wholeParameter,
} from '../listing/query-parameters.ts';
import { sendLog } from '../logs/send-log.ts';
import { addRoutes, type RouteRequest } from '../routing/add-routes.ts';
import { attemptsResource } from './attempts-resource.ts';
import { wantsEventStream } from './event-stream.ts';
import { sendLogEvents } from './log-event-stream.ts';
import { type NativeDoor, presentJob, sendJobNotFound, sendJson } from './native-door.ts';
import { readBody } from './read-body.ts';
import { stopJob } from './schemas/stop-job.ts';

const DEFAULT_WAIT_SECONDS = 30;
const MAX_WAIT_SECONDS = 300;

/** The routes of one job, below `/api/v1/jobs/{id}`. */
export function addJobRoutes(app: FastifyInstance, door: NativeDoor): void {
  const { service, streams } = door;
  const representation = representationTag(['v1', door.nodeId]);

  addRoutes(app, '/api/v1/jobs/:id', {
    GET: async (request, reply) => {
      refuseUnknownParameters(queryOf(request.url), []);
      const job = await service.get(request.params.id);
      if (job === null) return sendJobNotFound(door, reply, request.params.id);
      const etag = jobEtag(job, representation);
      reply.header('etag', etag);
      if (matchesEtag(request.headers['if-none-match'], etag)) {
        return reply.code(304).header('cache-control', 'no-cache').send();
      }
      return sendJson(reply, presentJob(door, job)).header('cache-control', 'no-cache');
    },
    DELETE: async (request, reply) => {
      const { id } = request.params;
      const job = await service.get(id);
      const outcome = await service.delete(id);
      if (job === null || outcome === 'unknown') return sendJobNotFound(door, reply, id);
      if (outcome === 'not_ended') throw droverError('JOB_NOT_ENDED', { id, status: job.status });
      return reply.code(204).send();
    },
  });

  addRoutes(app, '/api/v1/jobs/:id/wait', {
    GET: async (request, reply) => {
      const { id } = request.params;
      const timeoutMs = readTimeoutMs(queryOf(request.url));
      const signal = streams.open(reply.raw, { endsWithServer: true });
      const job = await service.waitFor(id, ({ status }) => isTerminal(status), { timeoutMs, signal });
      return job === null ? sendJobNotFound(door, reply, id) : sendJson(reply, presentJob(door, job));
    },
  });

  addRoutes(app, '/api/v1/jobs/:id/attempts', {
    GET: async (request, reply) => {
      refuseUnknownParameters(queryOf(request.url), []);
      const job = await service.get(request.params.id);
      if (job === null) return sendJobNotFound(door, reply, request.params.id);
      return sendJson(reply, { attempts: attemptsResource(job, await service.pastAttempts(job)) });
    },
  });

  addRoutes(app, '/api/v1/jobs/:id/stop', {
    POST: async (request, reply) => {
      const { id } = request.params;
      const seconds = readBody(stopJob, request.body ?? {}).grace_seconds;
      const outcome = await service.stop(id, seconds === undefined ? {} : { graceMs: Math.round(seconds * 1000) });
      const job = outcome === 'unknown' ? null : await service.get(id);
      if (job === null) return sendJobNotFound(door, reply, id);
      return sendJson(reply, { stopping: outcome === 'stopping', job: presentJob(door, job) });
    },
  });

  addRoutes(app, '/api/v1/jobs/:id/logs', {
    GET: async (request, reply) => {
      const { id } = request.params;
      const query = queryOf(request.url);
      refuseUnknownParameters(query, ['follow', 'tail', 'offset', 'attempt']);
      const attempt = wholeParameter(query, 'attempt', 1, Number.MAX_SAFE_INTEGER);
      if (attempt !== null) return sendAttemptLog(door, request, reply, attempt);
      const isKnown = wantsEventStream(request)
        ? await sendLogEvents(door, request, reply, id)
        : await sendLog(request, reply, service.log(id), streams, { tellsEnd: true });
      return isKnown ? undefined : sendJobNotFound(door, reply, id);
    },
  });
}

/** The output of one attempt as it is now. @throws `INVALID_QUERY` where it is to be followed, or was never made */
async function sendAttemptLog(door: NativeDoor, request: RouteRequest, reply: FastifyReply, attempt: number) {
  const { id } = request.params;
  const job = await door.service.get(id);
  if (job === null) return sendJobNotFound(door, reply, id);
  if (booleanParameter(queryOf(request.url), 'follow') || wantsEventStream(request)) {
    throw droverError('INVALID_QUERY', { name: 'attempt', detail: 'cannot be followed: leave it out' });
  }
  const made = attemptNumber(job) - (job.attempt === null ? 1 : 0);
  if (attempt > made)
    throw droverError('INVALID_QUERY', { name: 'attempt', detail: `must be at most ${made}: so many were made` });
  await sendLog(request, reply, door.service.log(id, attempt), door.streams);
  return undefined;
}

function readTimeoutMs(query: URLSearchParams): number {
  refuseUnknownParameters(query, ['timeout']);
  const text = singleParameter(query, 'timeout');
  if (text === null) return DEFAULT_WAIT_SECONDS * 1000;
  const seconds = /^\d{1,9}(\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
  if (seconds <= MAX_WAIT_SECONDS) return Math.round(seconds * 1000);
  throw droverError('INVALID_QUERY', {
    name: 'timeout',
    detail: `must be a number of seconds up to ${MAX_WAIT_SECONDS}`,
  });
}
