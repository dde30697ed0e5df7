import type { FastifyInstance } from 'fastify';
import { droverError } from '../../errors/drover-error.ts';
import { isTerminal } from '../../job/status.ts';
import { retrySubmission } from '../../jobs/retry-submission.ts';
import { described } from '../openapi/described.ts';
import type { Operation } from '../openapi/operation.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { readTraceContext, traceHeaders } from '../routing/trace-context.ts';
import { idempotencyKey, readIdempotencyKey } from './idempotency-key.ts';
import { type NativeDoor, sendJobNotFound, sendSubmitted } from './native-door.ts';
import { jobIdPath, locationHeader, replayedHeader, submitErrors } from './operation-parts.ts';
import { readBody } from './read-body.ts';
import { job as jobSchema } from './schemas/job.ts';
import { noFields } from './schemas/no-fields.ts';

const retryJob = {
  id: 'retryJob',
  tag: 'Jobs',
  summary: 'Submit a copy of a job that has ended',
  description: 'Same specification, tenant and API, a new id; `retry_of` names the first, which stays as it is.',
  path: jobIdPath,
  headers: { 'Idempotency-Key': idempotencyKey, ...traceHeaders },
  body: { content: { 'application/json': noFields }, isRequired: false },
  answers: {
    200: {
      description: 'The job of an earlier retry with this key, as it is now.',
      content: { 'application/json': jobSchema },
      headers: { Location: locationHeader, 'Idempotency-Replayed': replayedHeader },
    },
    201: {
      description: 'The new job.',
      content: { 'application/json': jobSchema },
      headers: { Location: locationHeader },
    },
  },
  errors: ['JOB_NOT_FOUND', 'JOB_NOT_ENDED', ...submitErrors],
} satisfies Operation;

/** `POST /api/v1/jobs/{id}/retry`: submits a copy of a job that has ended. */
export function addRetryRoutes(app: FastifyInstance, door: NativeDoor): void {
  addRoutes(app, '/api/v1/jobs/:id/retry', {
    POST: described(retryJob, async (request, reply) => {
      const { id } = request.params;
      readBody(noFields, request.body ?? {});
      const key = readIdempotencyKey(request.headers);
      const job = await door.service.get(id);
      if (job === null) return sendJobNotFound(door, reply, id);
      if (!isTerminal(job.status)) throw droverError('JOB_NOT_ENDED', { id, status: job.status });
      const submission = { ...retrySubmission(job), ...readTraceContext(request.headers) };
      return sendSubmitted(door, reply, await door.service.submitOnce(submission, key));
    }),
  });
}
