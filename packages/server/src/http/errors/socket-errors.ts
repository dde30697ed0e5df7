import type { Socket } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import { type DroverError, droverError } from '../../errors/drover-error.ts';
import { answerOn } from '../connections.ts';
import { problemAnswer } from '../native/problem.ts';
import { answerOnSocket } from './answer-on-socket.ts';

/**
 * Answers what could not be read as a request, so that there is no path and no dialect: in the native form, and closes the
 * connection. Nothing is sent where another answer is under way on it, which it would corrupt.
 */
export function createSocketErrorHandler(options: {
  log: FastifyBaseLogger;
  headerLimitBytes: number;
  nextRequestId: () => string;
}): (error: NodeJS.ErrnoException, socket: Socket) => void {
  return (error, socket) => {
    options.log.debug({ code: error.code }, 'a connection carried no valid request');
    if (error.code === 'ECONNRESET' || !socket.writable || hasBegunToAnswer(socket)) {
      socket.destroy();
      return;
    }
    const answer = problemAnswer(describe(error.code, options.headerLimitBytes), options.nextRequestId());
    answerOnSocket(socket, answer, beganAsHead(error));
  };
}

/** Node hands over what it could not read: the whole request, unless it came in pieces. */
function beganAsHead(error: object): boolean {
  return (
    'rawPacket' in error && Buffer.isBuffer(error.rawPacket) && error.rawPacket.subarray(0, 5).toString() === 'HEAD '
  );
}

function describe(code: string | undefined, limitBytes: number): DroverError {
  if (code === 'HPE_HEADER_OVERFLOW') return droverError('HEADERS_TOO_LARGE', { limitBytes });
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return droverError('REQUEST_TIMEOUT', {});
  return droverError('MALFORMED_REQUEST', { detail: 'it is not HTTP' });
}

function hasBegunToAnswer(socket: Socket): boolean {
  const answer = answerOn(socket);
  return answer !== null && 'headersSent' in answer && answer.headersSent === true;
}
