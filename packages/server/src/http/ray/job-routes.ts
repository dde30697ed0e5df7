import type { FastifyInstance } from 'fastify';
import { droverError } from '../../errors/drover-error.ts';
import type { Job } from '../../job/job.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { readTenant } from '../routing/request-headers.ts';
import { readTraceContext } from '../routing/trace-context.ts';
import { listJobs } from './list-jobs.ts';
import { JSON_HEADERS, type RayDoor, sendJson } from './ray-door.ts';
import { sendLogs } from './send-logs.ts';
import { readSubmitRequest } from './submit-request.ts';

const NO_BYTES = new Uint8Array();

/** The jobs of the Ray Jobs API; those of all doors are shown, with the ids that they have. */
export function addRayJobRoutes(app: FastifyInstance, door: RayDoor): void {
  const { service, present } = door;

  async function find(id: string): Promise<Job> {
    const job = await service.get(id);
    if (job === null) throw droverError('JOB_NOT_FOUND', { id });
    return job;
  }

  addRoutes(app, '/api/jobs/', {
    GET: (request, reply) => listJobs(door, request, reply),
    POST: async (request, reply) => {
      const bytes = request.body instanceof Uint8Array ? request.body : NO_BYTES;
      const submission = readSubmitRequest(bytes, readTenant(request.headers));
      const { id } = await service.submit({ ...submission, ...readTraceContext(request.headers) });
      return sendJson(reply, { job_id: id, submission_id: id });
    },
  });

  addRoutes(app, '/api/jobs/:id', {
    GET: async (request, reply) => reply.headers(JSON_HEADERS).send(await present(await find(request.params.id))),
    DELETE: async (request, reply) => {
      const { id } = request.params;
      const { status } = await find(id);
      const outcome = await service.delete(id);
      if (outcome === 'unknown') throw droverError('JOB_NOT_FOUND', { id });
      if (outcome === 'not_ended') throw droverError('JOB_NOT_ENDED', { id, status });
      return sendJson(reply, { deleted: true });
    },
  });

  addRoutes(app, '/api/jobs/:id/stop', {
    POST: async (request, reply) => {
      const { id } = request.params;
      const outcome = await service.stop(id);
      if (outcome === 'unknown') throw droverError('JOB_NOT_FOUND', { id });
      return sendJson(reply, { stopped: outcome === 'stopping' });
    },
  });

  addRoutes(app, '/api/jobs/:id/logs', {
    GET: async (request, reply) => sendLogs(door, request, reply, await find(request.params.id)),
  });
}
