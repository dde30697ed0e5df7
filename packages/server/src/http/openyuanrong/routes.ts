import type { FastifyInstance, FastifyReply } from 'fastify';
import { droverError } from '../../errors/drover-error.ts';
import type { JobService } from '../../jobs/service.ts';
import { sendLog } from '../logs/send-log.ts';
import { addRoutes, type RouteRequest } from '../routing/add-routes.ts';
import { parsePoolLabels, readTenant } from '../routing/request-headers.ts';
import { readTraceContext } from '../routing/trace-context.ts';
import type { OpenStreams } from '../streaming/open-streams.ts';
import type { JobDetailsDoor } from './get-job.ts';
import type { JobDetailsSettings } from './job-details.ts';
import { listJobs } from './list-jobs.ts';
import { readSubmitBody } from './submit-body.ts';
import { appNotFound, detailsNotFound } from './texts.ts';

export interface OpenYuanrongDoor {
  service: JobService;
  settings: JobDetailsSettings;
  details: JobDetailsDoor;
  streams: OpenStreams;
}

/** openYuanrong's job API at `/api/jobs`. Errors are worded here and given their form by `error-answer.ts`. */
export function addOpenYuanrongRoutes(app: FastifyInstance, door: OpenYuanrongDoor): void {
  const { service, details, streams } = door;

  addRoutes(app, '/api/jobs', {
    GET: (request, reply) => listJobs(request, reply, door),
    POST: async (request, reply) => {
      const poolLabels = readPoolLabels(request);
      const submission = readSubmitBody(request.body, { tenant: readTenant(request.headers), poolLabels });
      const job = await service.submit({ ...submission, ...readTraceContext(request.headers) });
      return sendJson(reply, { submission_id: job.id });
    },
  });

  addRoutes(app, '/api/jobs/:id', {
    GET: async (request, reply) => {
      const { id } = request.params;
      if (!(await details.send(id, request.raw, reply.raw))) throw detailsNotFound(id);
      // Sent already: fastify has nothing to add.
      reply.hijack();
    },
    DELETE: async (request, reply) => {
      const outcome = await service.delete(request.params.id);
      if (outcome === 'unknown') throw appNotFound(request.params.id);
      return sendJson(reply, outcome === 'deleted');
    },
  });

  addRoutes(app, '/api/jobs/:id/stop', {
    POST: async (request, reply) => {
      const outcome = await service.stop(request.params.id);
      if (outcome === 'unknown') throw appNotFound(request.params.id);
      return sendJson(reply, outcome === 'stopping');
    },
  });

  addRoutes(app, '/api/jobs/:id/logs', {
    GET: async (request, reply) => {
      const { id } = request.params;
      if (!(await sendLog(request, reply, service.log(id), streams))) throw detailsNotFound(id);
    },
  });
}

function readPoolLabels({ headers }: RouteRequest): string[] | null {
  const text = headers['x-pool-label'];
  if (text === undefined) return null;
  const labels = parsePoolLabels(String(text));
  if (labels === null) throw droverError('INVALID_HEADER', { name: 'X-Pool-Label', detail: 'has too many labels' });
  return labels;
}

function sendJson(reply: FastifyReply, value: boolean | { submission_id: string }): FastifyReply {
  return reply
    .headers({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .send(JSON.stringify(value));
}
