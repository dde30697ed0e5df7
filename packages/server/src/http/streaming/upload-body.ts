import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { droverError } from '../../errors/drover-error.ts';

/**
 * Leaves bodies unread, for routes that stream them, whatever type is declared. To be called in a scope of their own
 * (`app.register`): all other routes take JSON alone.
 */
export function leaveBodiesUnread(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
}

/**
 * The body of a request, as it comes. Where the reader ends early, the connection stays for the answer; Node drops the rest.
 *
 * @throws PACKAGE_TOO_LARGE before a byte is read, where the client says so itself
 */
export function uploadedBytes(request: IncomingMessage, maxBytes: number): AsyncIterable<Uint8Array> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    throw droverError('PACKAGE_TOO_LARGE', { limitBytes: maxBytes });
  }
  return request.iterator({ destroyOnReturn: false });
}
