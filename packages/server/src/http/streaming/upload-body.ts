import { on } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { droverError } from '../../errors/drover-error.ts';
import { giveBack } from './give-back.ts';

/**
 * Leaves bodies unread, for routes that stream them, whatever type is declared. To be called in a scope of their own
 * (`app.register`): all other routes take JSON alone.
 */
export function leaveBodiesUnread(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, _payload, done) => done(null));
}

/**
 * The body of a request, as it comes. A piece holds its bytes until the next one is asked for. Where the reader ends early, the connection
 * stays for the answer; Node drops the rest.
 *
 * @throws PACKAGE_TOO_LARGE before a byte is read, where the client says so itself
 */
export async function* uploadedBytes(request: IncomingMessage, maxBytes: number): AsyncGenerator<Uint8Array, void> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    throw droverError('PACKAGE_TOO_LARGE', { limitBytes: maxBytes });
  }
  // By its events: its iterator joins pieces that wait to larger ones, and leaves their memory to the garbage collector.
  for await (const event of on(request, 'data', { close: ['end'], highWaterMark: 1 })) {
    const piece: Buffer = event[0];
    yield piece;
    giveBack(piece);
  }
}
