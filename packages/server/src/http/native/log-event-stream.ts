import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { droverError } from '../../errors/drover-error.ts';
import { isTerminal } from '../../job/status.ts';
import type { JobLog } from '../../jobs/job-log.ts';
import { attemptNumber } from '../../jobs/log/attempt-to-read.ts';
import { queryOf } from '../listing/query-parameters.ts';
import { type LogQuery, readLogQuery } from '../logs/log-query.ts';
import { sendStream } from '../streaming/send-stream.ts';
import { EVENT_STREAM_HEADERS, HEARTBEAT, RETRY, serverSentEvent } from '../streaming/server-sent-event.ts';
import { END_ID, logEvents, SHUTDOWN_EVENT } from './log-events.ts';
import { type LogPosition, parsePosition, positionText } from './log-position.ts';
import type { NativeDoor } from './native-door.ts';

/** Read at once. A slow follower holds it a few times over: as bytes, as JSON, and on its way out. */
const CHUNK_BYTES = 16 * 1024;

/**
 * Sends a job's output as server-sent events, with or without `follow`. `Last-Event-ID` goes before `offset` and `tail`; behind the end of a
 * job the answer is 204, which tells a browser to stop asking.
 *
 * @returns false where the job is unknown, and nothing was sent.
 * @throws `INVALID_QUERY`, `INVALID_HEADER`
 */
export async function sendLogEvents(
  { service, streams, heartbeatMs }: NativeDoor,
  request: FastifyRequest,
  reply: FastifyReply,
  id: string,
): Promise<boolean> {
  const query = readLogQuery(queryOf(request.url));
  const lastId = readLastId(request.headers);
  const job = await service.get(id);
  if (job === null) return false;
  const vary = { vary: 'Accept' };
  if (lastId === END_ID && isTerminal(job.status)) {
    await reply.code(204).headers(vary).send();
    return true;
  }
  const log = service.log(id);
  const attempt = attemptNumber(job);
  const start = lastId === null ? { attempt, offset: await startOf(query, log) } : resumedAt(lastId, attempt);
  let isEndTold = false;
  await sendStream(reply, streams, {
    status: 200,
    headers: { ...EVENT_STREAM_HEADERS, ...vary },
    isEndless: true,
    async *chunks(signal) {
      if (request.method === 'HEAD') return;
      // A block without data is no event, and still says where to resume.
      yield `${RETRY.trimEnd()}\nid: ${positionText(start)}\n\n`;
      const from = { attempt: start.attempt, start: start.offset };
      const options = { ...from, isFollowing: query.follow, chunkBytes: CHUNK_BYTES, idleMs: heartbeatMs };
      for await (const event of logEvents(log.news(options, signal), start)) {
        isEndTold = event?.event === 'end';
        yield event === null ? HEARTBEAT : serverSentEvent(event);
      }
    },
    lastWords: (signal) => (signal.aborted && !isEndTold ? serverSentEvent(SHUTDOWN_EVENT) : ''),
  });
  return true;
}

async function startOf({ tailLines, offset }: LogQuery, log: JobLog): Promise<number> {
  return tailLines === null ? (offset ?? 0) : log.offsetOfTail(tailLines);
}

/** Who saw the end of a job that has none yet, or attempts that were not made, saw another job of this id: this one is new to it. */
function resumedAt(lastId: LogPosition | typeof END_ID, attempt: number): LogPosition {
  return lastId === END_ID || lastId.attempt > attempt ? { attempt: 1, offset: 0 } : lastId;
}

/** The position behind which a client goes on, or that it has seen the end. @throws `INVALID_HEADER` */
function readLastId(headers: IncomingHttpHeaders): LogPosition | typeof END_ID | null {
  const text = headers['last-event-id'];
  if (text === undefined || text === '') return null;
  if (text === END_ID) return END_ID;
  const position = typeof text === 'string' ? parsePosition(text) : null;
  if (position !== null) return position;
  throw droverError('INVALID_HEADER', { name: 'Last-Event-ID', detail: 'must be the id of an event of this stream' });
}
