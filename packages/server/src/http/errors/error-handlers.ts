import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type DroverError, droverError } from '../../errors/drover-error.ts';
import { pathOf } from '../security/request-target.ts';
import { answerFor } from './error-answer.ts';
import { toDroverError } from './to-drover-error.ts';

export interface ErrorHandling {
  log: FastifyBaseLogger;
  bodyLimitBytes: number;
}

/** A rest of a refused body that is read and dropped, so that the client gets to see the answer. */
const DROPPED_BODY_LIMIT_BYTES = 64 * 1024 * 1024;

/** Answers every error behind the gate, and every path that is not there, in the path's dialect. */
export function addErrorHandlers(app: FastifyInstance, handling: ErrorHandling): void {
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply, handling));
  // Before a body would be read: what is not there needs none.
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.is404) done(droverError('NOT_FOUND', { path: pathOf(request.url) }));
    else done();
  });
}

/** Sends an error; one that nobody expected goes to the log with its stack, and to the client as `INTERNAL`. */
export function sendError(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { log, bodyLimitBytes }: ErrorHandling,
): void {
  const path = pathOf(request.url);
  const contentType = request.headers['content-type'] ?? '';
  const known = toDroverError(error, { bodyLimitBytes, contentType }) ?? unexpected(error, request, log);
  if (known.code === 'BODY_TOO_LARGE' && isDroppable(request)) reply.removeHeader('connection');
  const answer = answerFor(path, known, request.id);
  reply.code(answer.status).headers(answer.headers).send(answer.body);
}

/** Fastify asks to close the connection, which would reset it under a client that still sends. */
function isDroppable(request: FastifyRequest): boolean {
  return Number(request.headers['content-length'] ?? Number.NaN) <= DROPPED_BODY_LIMIT_BYTES;
}

function unexpected(error: unknown, request: FastifyRequest, log: FastifyBaseLogger): DroverError {
  // Without the query, which may hold what is nobody's business.
  log.error(
    { err: error, request_id: request.id, method: request.method, path: pathOf(request.url) },
    'request failed',
  );
  return droverError('INTERNAL', { requestId: request.id }, error);
}
