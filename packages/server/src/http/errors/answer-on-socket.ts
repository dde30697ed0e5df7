import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorAnswer } from './error-answer.ts';

/**
 * Sends an answer where there is no response to send it with, and ends the connection.
 *
 * @param isHead whether it answers a HEAD: without the body then. Default false.
 */
export function answerOnSocket(socket: Duplex, { status, headers, body }: ErrorAnswer, isHead = false): void {
  const all = { ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${isHead ? '' : body}`);
}
