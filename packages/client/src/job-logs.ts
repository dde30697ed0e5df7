import { backoffMs, pause } from './backoff.ts';
import { DroverApiError, DroverUnreachableError } from './errors.ts';
import { hasEnded, type Job } from './job.ts';
import { jobPath } from './job-path.ts';
import { createLossNotice } from './loss-notice.ts';
import { parseJob } from './parse-answer.ts';
import { chunksOf } from './read-body.ts';
import type { Transport, TransportRequest } from './transport.ts';

export interface LogOptions {
  /** Goes on until the job has ended, and waits for it to begin. Default false: what there is now. */
  follow?: boolean | undefined;
  /** Number of the attempt, 1 for the first, which is not followed. Absent: the last one. */
  attempt?: number | undefined;
  /** Begins with the last so many lines. */
  tail?: number | undefined;
  /** Begins at this byte of the output. Not together with `tail`. */
  offset?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Called where bytes are missing because the log is capped: those from `from` to `to` (exclusive). */
  onGap?: ((gap: { from: number; to: number }) => void) | undefined;
  /** Called when the connection was lost and could not be taken up again within two seconds, or was lost again at once. */
  onReconnect?: ((reason: unknown) => void) | undefined;
  /** For how long a server that went away is waited for. Default 60 s. */
  patienceMs?: number | undefined;
}

/** How reading the output ended. */
export type LogEnd =
  /** With `follow`: everything was read, and this is the job as it ended. */
  | { reason: 'ended'; job: Job }
  /** The job was deleted meanwhile; how it ended is not known any more. */
  | { reason: 'deleted'; job: null }
  /** Without `follow`: everything was read that there was. */
  | { reason: 'caught_up'; job: null };

/** Offset of the first byte of this body; absent from servers that do not tell. */
const BODY_OFFSET_HEADER = 'drover-log-offset';
/** Offset of the first byte that is kept at all. */
const FIRST_BYTE_HEADER = 'drover-log-first-byte';

/** A connection that held so long without a byte was taken up well: the job was quiet. */
const QUIET_ROUND_MS = 10_000;

/**
 * The job's output, byte for byte, and at last how it ended. A dropped connection is taken up again where it broke, by offset: no
 * byte comes twice, and none is left out unless `onGap` says so.
 */
export async function* streamLog(
  transport: Transport,
  id: string,
  options: LogOptions,
): AsyncGenerator<Uint8Array<ArrayBuffer>, LogEnd, undefined> {
  const { signal, onGap, onReconnect, patienceMs = 60_000 } = options;
  /** Offset of the next byte wanted; null while a tail was asked for and nothing of it came. */
  let position: number | null = options.tail === undefined ? (options.offset ?? 0) : null;
  /** The job, once it is known to have ended: what is read next is the last of its output. */
  let ended: Job | null = null;
  let isFirst = true;
  let fruitlessRounds = 0;
  const notice = createLossNotice((reason) => onReconnect?.(reason));

  try {
    for (;;) {
      const isLastRead = ended !== null || options.follow !== true;
      let isFruitless = true;
      let loss: unknown = null;
      let openedAtMs = Date.now();
      try {
        const response = await openLog(transport, id, {
          position,
          tail: options.tail,
          follow: !isLastRead,
          attempt: options.attempt,
          signal,
          patienceMs: isFirst ? undefined : patienceMs,
        });
        isFirst = false;
        notice.settle();
        openedAtMs = Date.now();
        const start = bodyStart(response.headers, position);
        if (position !== null && start !== null && start > position) onGap?.({ from: position, to: start });
        position = start;
        for await (const chunk of chunksOf(transport, response, signal)) {
          if (position !== null) position += chunk.length;
          isFruitless = false;
          yield chunk;
        }
        if (isLastRead) return endOf(ended);
      } catch (error) {
        if (!isFirst && hasCode(error, 'JOB_NOT_FOUND')) return DELETED;
        if (!isFirst && hasCode(error, 'RANGE_NOT_SATISFIABLE')) return endOf(ended);
        if (isFirst || position === null || !(error instanceof DroverUnreachableError)) throw error;
        loss = error;
      }
      // The body has ended: with the job, with the server (that shuts down), or with the connection. The job says which.
      if (Date.now() - openedAtMs > QUIET_ROUND_MS) isFruitless = false;
      fruitlessRounds = isFruitless ? fruitlessRounds + 1 : 0;
      notice.lost(loss ?? new Error('the output ended before the job'), loss !== null && fruitlessRounds > 1);
      if (fruitlessRounds > 0) await pause(backoffMs(fruitlessRounds), signal);
      const job = await fetchJob(transport, id, signal, patienceMs);
      if (job === null) return DELETED;
      if (options.follow === true && hasEnded(job)) ended = job;
      if (position !== null) continue;
      // From a server that does not tell where a tail begins: it cannot be taken up again.
      if (ended !== null) return endOf(ended);
      throw transport.asUnreachable(new Error('the output ended before the job'), signal);
    }
  } finally {
    notice.settle();
  }
}

function openLog(
  transport: Transport,
  id: string,
  request: {
    position: number | null;
    tail: number | undefined;
    follow: boolean;
    attempt: number | undefined;
    signal: AbortSignal | undefined;
    patienceMs: number | undefined;
  },
): Promise<Response> {
  const query = new URLSearchParams();
  if (request.follow) query.set('follow', 'true');
  if (request.attempt !== undefined) query.set('attempt', String(request.attempt));
  if (request.position === null) query.set('tail', String(request.tail));
  else if (request.position > 0) query.set('offset', String(request.position));
  const { signal, patienceMs } = request;
  const sent: TransportRequest = { path: `${jobPath(id)}/logs`, query, signal, patienceMs };
  return transport.send({ ...sent, headers: { accept: '*/*' } });
}

/** Where the body begins: as the server says, else where it was asked for, or at the first byte kept beyond that. */
function bodyStart(headers: Headers, asked: number | null): number | null {
  const told = offsetIn(headers, BODY_OFFSET_HEADER);
  if (told !== null) return told;
  return asked === null ? null : Math.max(asked, offsetIn(headers, FIRST_BYTE_HEADER) ?? 0);
}

function offsetIn(headers: Headers, name: string): number | null {
  const text = headers.get(name);
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

/** Null where the job was deleted meanwhile. */
async function fetchJob(
  transport: Transport,
  id: string,
  signal: AbortSignal | undefined,
  patienceMs: number,
): Promise<Job | null> {
  try {
    return parseJob(await transport.sendForJson({ path: jobPath(id), signal, patienceMs }));
  } catch (error) {
    if (hasCode(error, 'JOB_NOT_FOUND')) return null;
    throw error;
  }
}

const DELETED: LogEnd = { reason: 'deleted', job: null };

function endOf(ended: Job | null): LogEnd {
  return ended === null ? { reason: 'caught_up', job: null } : { reason: 'ended', job: ended };
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof DroverApiError && error.code === code;
}
