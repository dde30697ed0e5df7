import type { Job } from '../../job/job.ts';
import type { LogNews } from '../../jobs/job-log.ts';
import type { ServerSentEvent } from '../streaming/server-sent-event.ts';
import { endResource } from './job-resource.ts';
import type { LogPosition } from './log-position.ts';
import { createOutputEvents } from './output-events.ts';

/** Id of the event behind which nothing comes any more. */
export const END_ID = 'end';

/** How the job ends is not known yet: the id before stays in force. */
export const SHUTDOWN_EVENT: ServerSentEvent = {
  event: 'end',
  data: { reason: 'shutdown', status: null, end: null },
};

/**
 * A log as events: `output`, whose id is the position behind its bytes; `gap` for bytes that are gone; `attempt` where that of the next one
 * begins; `end`; null for silence.
 *
 * @param start where the first byte that is wanted stands
 */
export async function* logEvents(
  news: AsyncIterable<LogNews>,
  start: LogPosition,
): AsyncGenerator<ServerSentEvent | null, void> {
  const output = createOutputEvents(start);
  for await (const item of news) {
    switch (item.type) {
      case 'idle':
        yield null;
        break;
      case 'output':
        yield* output.add(item);
        break;
      case 'end':
        // Otherwise the rest of a character may come yet, for who resumes.
        if (item.job === null || item.job.end !== null) yield* output.flush();
        yield endEvent(item.job);
        break;
    }
  }
}

function endEvent(job: Job | null): ServerSentEvent {
  if (job === null) return { id: END_ID, event: 'end', data: { reason: 'deleted', status: null, end: null } };
  const { status, end } = job;
  if (end === null) return { event: 'end', data: { reason: 'caught_up', status, end } };
  return { id: END_ID, event: 'end', data: { reason: 'ended', status, end: endResource(end) } };
}
