import { isUtf8 } from 'node:buffer';
import type { Job } from '../../job/job.ts';
import type { LogNews } from '../../jobs/job-log.ts';
import type { ServerSentEvent } from '../streaming/server-sent-event.ts';
import { characterRestLength, wholeCharactersLength } from './character-bounds.ts';
import { endResource } from './job-resource.ts';

/** Id of the event behind which nothing comes any more. */
export const END_ID = 'end';

/** How the job ends is not known yet: the id before stays in force. */
export const SHUTDOWN_EVENT: ServerSentEvent = {
  event: 'end',
  data: { reason: 'shutdown', status: null, end: null },
};

/**
 * A log as events: `output`, whose id is the offset behind its bytes; `gap` for bytes that are gone; `end`; null for silence. No character
 * is split over two events: up to three bytes are held back until the rest of it comes.
 *
 * @param start offset of the first byte that is wanted
 */
export async function* logEvents(
  news: AsyncIterable<LogNews>,
  start: number,
): AsyncGenerator<ServerSentEvent | null, void> {
  let position = start;
  let held = Buffer.alloc(0);
  let isFirst = true;
  for await (const item of news) {
    if (item.type === 'idle') {
      yield null;
    } else if (item.type === 'output') {
      const heldEnd = position + held.length;
      if (item.offset > heldEnd) {
        if (held.length > 0) yield outputEvent(position, held);
        yield { id: item.offset, event: 'gap', data: { from: heldEnd, to: item.offset } };
        position = item.offset;
        held = Buffer.alloc(0);
        isFirst = true;
      }
      let bytes = behind(held, item.bytes);
      const restLength = isFirst ? characterRestLength(bytes) : 0;
      isFirst = false;
      if (restLength > 0) {
        // By itself, or all that comes with it would be no text.
        yield outputEvent(position, bytes.subarray(0, restLength));
        position += restLength;
        bytes = bytes.subarray(restLength);
      }
      const wholeLength = wholeCharactersLength(bytes);
      if (wholeLength > 0) yield outputEvent(position, bytes.subarray(0, wholeLength));
      position += wholeLength;
      // A copy, so that the chunk can go.
      held = Buffer.from(bytes.subarray(wholeLength));
    } else {
      const isFinal = item.job === null || item.job.end !== null;
      // Otherwise the rest may come yet, for who resumes.
      if (isFinal && held.length > 0) yield outputEvent(position, held);
      yield endEvent(item.job);
    }
  }
}

function behind(held: Buffer, { buffer, byteOffset, length }: Uint8Array): Buffer {
  const bytes = Buffer.from(buffer, byteOffset, length);
  return held.length === 0 ? bytes : Buffer.concat([held, bytes]);
}

function outputEvent(offset: number, bytes: Buffer): ServerSentEvent {
  const content = isUtf8(bytes) ? { text: bytes.toString() } : { base64: bytes.toString('base64') };
  return { id: offset + bytes.length, event: 'output', data: { offset, ...content } };
}

function endEvent(job: Job | null): ServerSentEvent {
  if (job === null) return { id: END_ID, event: 'end', data: { reason: 'deleted', status: null, end: null } };
  const { status, end } = job;
  if (end === null) return { event: 'end', data: { reason: 'caught_up', status, end } };
  return { id: END_ID, event: 'end', data: { reason: 'ended', status, end: endResource(end) } };
}
