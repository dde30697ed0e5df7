import type { IncomingHttpHeaders } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { droverError } from '../../errors/drover-error.ts';
import type { EventSource } from '../../jobs/events/event-source.ts';
import { type EventNews, type FollowOptions, followEvents } from '../../jobs/events/follow-events.ts';
import type { TenantEvent } from '../../store/store.ts';
import type { Parameter } from '../openapi/operation.ts';
import { sendStream } from '../streaming/send-stream.ts';
import { EVENT_STREAM_HEADERS, HEARTBEAT, RETRY, serverSentEvent } from '../streaming/server-sent-event.ts';
import type { NativeDoor } from './native-door.ts';

/** Whether the client names the type; `*` alone gets JSON. */
export function wantsEventStream({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  return headers.accept !== undefined && /(^|,)\s*text\/event-stream\s*(;|,|$)/i.test(headers.accept);
}

const LAST_EVENT_ID = /^\d{1,15}$/;

/** The header that resumes a stream. */
export const lastEventId: Parameter = {
  schema: z.string().regex(LAST_EVENT_ID),
  description: 'Resumes behind the event with this id; `after` is not looked at then.',
};

/** What a browser's EventSource sends when it connects again; null for none. @throws `INVALID_HEADER` */
export function readLastEventId(headers: IncomingHttpHeaders): number | null {
  const text = headers['last-event-id'];
  if (text === undefined || text === '') return null;
  if (typeof text === 'string' && LAST_EVENT_ID.test(text)) return Number(text);
  throw droverError('INVALID_HEADER', { name: 'Last-Event-ID', detail: 'must be the id of an event' });
}

/** Sends events as they happen, until the last one, or the end of the client or the server. */
export async function sendEvents(
  { streams, heartbeatMs }: NativeDoor,
  request: FastifyRequest,
  reply: FastifyReply,
  source: EventSource,
  { present, ...options }: Omit<FollowOptions, 'idleMs'> & { present: (event: TenantEvent) => object },
): Promise<void> {
  await sendStream(reply, streams, {
    status: 200,
    headers: { ...EVENT_STREAM_HEADERS, vary: 'Accept' },
    isEndless: true,
    async *chunks(signal) {
      if (request.method === 'HEAD') return;
      yield RETRY;
      for await (const news of followEvents(source, { ...options, idleMs: heartbeatMs }, signal)) {
        yield textOf(news, present);
      }
    },
  });
}

function textOf(news: EventNews, present: (event: TenantEvent) => object): string {
  switch (news.type) {
    case 'event':
      return serverSentEvent({ id: news.event.id, event: news.event.type, data: present(news.event) });
    case 'reset': {
      const { oldestId, newestId } = news.bounds;
      return serverSentEvent({ event: 'reset', data: { oldest_id: oldestId, newest_id: newestId } });
    }
    case 'deleted':
      return serverSentEvent({ event: 'deleted', data: {} });
    case 'idle':
      return HEARTBEAT;
  }
}
