import { backoffMs, pause } from './backoff.ts';
import { DroverApiError, DroverUnreachableError } from './errors.ts';
import { createEventReader } from './event-stream.ts';
import type { JobEvent } from './job.ts';
import { jobPath } from './job-path.ts';
import { parseEvent } from './parse-answer.ts';
import { unexpectedAnswer } from './problem.ts';
import { chunksOf } from './read-body.ts';
import type { Transport } from './transport.ts';

export interface FollowEventsOptions {
  /** Begins behind the event of this id. Default: with a job's first; of all jobs with what happens from now on. */
  after?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Called where events are missing, since they went with their jobs: those behind `after` and in front of `oldestId`. */
  onGap?: ((gap: { after: number; oldestId: number | null }) => void) | undefined;
  /** For how long a server that went away is waited for. Default 60 s. */
  patienceMs?: number | undefined;
}

/**
 * Events as they happen: of one job until it has ended or was deleted, of all jobs (`id` null) for ever. A dropped connection is taken up
 * behind the last event, so that none comes twice.
 */
export async function* followEvents(
  transport: Transport,
  id: string | null,
  options: FollowEventsOptions,
): AsyncGenerator<JobEvent, void, undefined> {
  const { signal, onGap, patienceMs = 60_000 } = options;
  const path = id === null ? '/events' : `${jobPath(id)}/events`;
  let after = options.after;
  let isFirst = true;
  let fruitlessRounds = 0;
  for (;;) {
    const before = after;
    try {
      const response = await transport.send({
        path,
        headers: { accept: 'text/event-stream', ...(after === undefined ? {} : { 'last-event-id': String(after) }) },
        signal,
        patienceMs: isFirst ? undefined : patienceMs,
      });
      isFirst = false;
      // The job has ended, and there is nothing behind `after`.
      if (response.status === 204) return;
      if (!response.headers.get('content-type')?.startsWith('text/event-stream')) {
        throw unexpectedAnswer(response.status, 'its answer is not a stream of events');
      }
      const read = createEventReader();
      for await (const bytes of chunksOf(transport, response, signal)) {
        for (const { type, data } of read(bytes)) {
          const value: unknown = JSON.parse(data);
          if (type === 'deleted') return;
          if (type === 'reset') {
            onGap?.({ after: after ?? 0, oldestId: oldestIdIn(value) });
            continue;
          }
          const event = parseEvent(value);
          after = event.id;
          yield event;
        }
      }
    } catch (error) {
      // The job was deleted while the connection was lost.
      if (!isFirst && error instanceof DroverApiError && error.code === 'JOB_NOT_FOUND') return;
      if (isFirst || !(error instanceof DroverUnreachableError)) throw error;
    }
    fruitlessRounds = after === before ? fruitlessRounds + 1 : 0;
    if (fruitlessRounds > 0) await pause(backoffMs(fruitlessRounds), signal);
  }
}

function oldestIdIn(value: unknown): number | null {
  const isObject = typeof value === 'object' && value !== null && 'oldest_id' in value;
  return isObject && typeof value.oldest_id === 'number' ? value.oldest_id : null;
}
