import type { FastifyReply, FastifyRequest } from 'fastify';
import { droverError } from '../../errors/drover-error.ts';
import type { JobLog, LogExtent } from '../../jobs/job-log.ts';
import { queryOf } from '../listing/query-parameters.ts';
import type { OpenStreams } from '../streaming/open-streams.ts';
import { sendStream } from '../streaming/send-stream.ts';
import { readByteRange } from './byte-range.ts';
import { type LogQuery, readLogQuery } from './log-query.ts';

/** Why a followed log has ended, as a trailer: `ended` with the job, `deleted` with it, `shutdown` of the server (come back). */
const END_REASON = 'Drover-Log-End-Reason';

/**
 * Sends a job's output, byte for byte, as all dialects do. Offsets count from the beginning of the output, also where a
 * capped log has dropped its front. Headers: `Drover-Log-First-Byte` (of what is kept), `Drover-Log-Offset` (of this body's
 * first byte), `Drover-Log-End` (behind the last byte, now).
 *
 * @param tellsEnd whether a followed log says at its end why it ends, where HTTP has a place for it. Default false.
 * @returns false where the job is unknown, and nothing was sent.
 * @throws `INVALID_QUERY`, `RANGE_NOT_SATISFIABLE`
 */
export async function sendLog(
  request: FastifyRequest,
  reply: FastifyReply,
  log: JobLog,
  streams: OpenStreams,
  { tellsEnd } = { tellsEnd: false },
): Promise<boolean> {
  const query = readLogQuery(queryOf(request.url));
  const extent = await log.extent();
  if (extent === null) return false;
  const isHead = request.method === 'HEAD';
  if (query.follow) {
    const start = await startOf(query, extent, log);
    const chunks = (signal: AbortSignal) => (isHead ? nothing() : log.follow(start, signal));
    // Trailers stand behind chunks only, which neither HTTP/1.0 nor an answer without a body has.
    const hasTrailer = tellsEnd && !isHead && request.raw.httpVersion === '1.1';
    const headers = { ...headersOf(extent, start), ...(hasTrailer ? { trailer: END_REASON } : {}) };
    const trailers = async (signal: AbortSignal) => ({ [END_REASON]: await endReason(log, signal) });
    const answer = { status: 200, headers, isEndless: true, breaksOffAtShutdown: !hasTrailer, chunks };
    await sendStream(reply, streams, hasTrailer ? { ...answer, trailers } : answer);
    return true;
  }
  const { status, start, end } = await boundsOf(request, query, extent, log);
  const headers = { ...headersOf(extent, start), 'content-length': String(end - start), 'accept-ranges': 'bytes' };
  const range = { 'content-range': `bytes ${start}-${end - 1}/${extent.endByte}` };
  await sendStream(reply, streams, {
    status,
    headers: status === 206 ? { ...headers, ...range } : headers,
    isEndless: false,
    chunks: (signal) =>
      isHead || start === end ? nothing() : exactly(end - start, log.read(start, end, signal), signal),
  });
  return true;
}

async function endReason(log: JobLog, signal: AbortSignal): Promise<'ended' | 'deleted' | 'shutdown'> {
  // A client that has gone aborts it too, and does not hear of this.
  if (signal.aborted) return 'shutdown';
  return (await log.extent()) === null ? 'deleted' : 'ended';
}

async function boundsOf(
  request: FastifyRequest,
  query: LogQuery,
  extent: LogExtent,
  log: JobLog,
): Promise<{ status: 200 | 206; start: number; end: number }> {
  const { firstByte, endByte } = extent;
  const unsatisfiable = () => droverError('RANGE_NOT_SATISFIABLE', { first: firstByte, end: endByte });
  if (query.tailLines === null && query.offset === null) {
    // A log has no tag that `If-Range` could name, so a condition never holds.
    const range = request.headers['if-range'] === undefined ? request.headers.range : undefined;
    const verdict = readByteRange(range, extent);
    if (verdict.kind === 'unsatisfiable') throw unsatisfiable();
    if (verdict.kind === 'part') return { status: 206, start: verdict.start, end: verdict.end };
  }
  const start = await startOf(query, extent, log);
  if (start > endByte) throw unsatisfiable();
  return { status: 200, start, end: endByte };
}

async function startOf(query: LogQuery, extent: LogExtent, log: JobLog): Promise<number> {
  if (query.tailLines === null) return Math.max(extent.firstByte, query.offset ?? 0);
  // Lines may be written between the two looks: no more than asked for, and no byte behind the end that was told.
  const start = await log.offsetOfTail(query.tailLines);
  return query.follow ? start : Math.min(start, extent.endByte);
}

function headersOf(extent: LogExtent, start: number): Record<string, string> {
  return {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-accel-buffering': 'no',
    'drover-log-first-byte': String(extent.firstByte),
    'drover-log-offset': String(start),
    'drover-log-end': String(extent.endByte),
  };
}

/** As many bytes as the header has promised; a front that is dropped meanwhile must not pass for a complete answer. */
async function* exactly(
  lengthBytes: number,
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let sentBytes = 0;
  for await (const chunk of chunks) {
    sentBytes += chunk.length;
    yield chunk;
  }
  if (sentBytes !== lengthBytes && !signal.aborted) {
    throw new Error(`the log gave ${sentBytes} of ${lengthBytes} bytes: its front was dropped while it was read`);
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
