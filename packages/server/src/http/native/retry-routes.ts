import type { FastifyInstance } from 'fastify';
import { droverError } from '../../errors/drover-error.ts';
import { isTerminal } from '../../job/status.ts';
import { retrySubmission } from '../../jobs/retry-submission.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { readIdempotencyKey } from './idempotency-key.ts';
import { type NativeDoor, sendJobNotFound, sendSubmitted } from './native-door.ts';
import { readBody } from './read-body.ts';
import { noFields } from './schemas/no-fields.ts';

/** `POST /api/v1/jobs/{id}/retry`: submits a copy of a job that has ended. */
export function addRetryRoutes(app: FastifyInstance, door: NativeDoor): void {
  addRoutes(app, '/api/v1/jobs/:id/retry', {
    POST: async (request, reply) => {
      const { id } = request.params;
      readBody(noFields, request.body ?? {});
      const key = readIdempotencyKey(request.headers);
      const job = await door.service.get(id);
      if (job === null) return sendJobNotFound(door, reply, id);
      if (!isTerminal(job.status)) throw droverError('JOB_NOT_ENDED', { id, status: job.status });
      return sendSubmitted(door, reply, await door.service.submitOnce(retrySubmission(job), key));
    },
  });
}
