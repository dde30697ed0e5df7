import type { FastifyReply } from 'fastify';
import type { OpenStreams } from './open-streams.ts';
import { writeStream } from './write-stream.ts';

export interface StreamedAnswer {
  status: number;
  headers: Record<string, string>;
  /** True for one that has no end of its own: its headers go out at once, and it ends when the server shuts down. */
  isEndless: boolean;
  chunks: (signal: AbortSignal) => AsyncIterable<Uint8Array | string>;
  /** For an answer that cannot say why it ends: a clean end would pass for the whole of it. Default false. */
  breaksOffAtShutdown?: boolean;
  /** Asked when the chunks have ended, or the signal has aborted. Their names have to stand in the `Trailer` header. */
  trailers?: ((signal: AbortSignal) => Promise<Record<string, string>>) | undefined;
  /** Asked likewise, before the trailers: what a client that is still there is told at the end; empty for nothing. */
  lastWords?: (signal: AbortSignal) => string;
}

/**
 * Sends an answer as it is made. A failure on the way can only be told by breaking the connection off, so that the client sees
 * that the end is missing; the reason goes to the log.
 */
export async function sendStream(reply: FastifyReply, streams: OpenStreams, answer: StreamedAnswer): Promise<void> {
  reply.hijack();
  const response = reply.raw;
  const signal = streams.open(response, { endsWithServer: answer.isEndless, followsJobs: answer.isEndless });
  response.writeHead(answer.status, answer.headers);
  if (answer.isEndless) response.flushHeaders();
  try {
    await writeStream(response, answer.chunks(signal), signal);
    const lastWords = answer.lastWords?.(signal) ?? '';
    if (lastWords !== '' && !response.destroyed) response.write(lastWords);
    if (answer.trailers !== undefined) response.addTrailers(await answer.trailers(signal));
    if (signal.aborted && answer.breaksOffAtShutdown) response.destroy();
    else response.end();
  } catch (error) {
    if (!signal.aborted) reply.log.error({ err: error, request_id: reply.request.id }, 'an answer broke off');
    response.destroy();
  }
}
