import type { FastifyInstance } from 'fastify';
import { JOB_EVENT_TYPES } from '../../job/event.ts';
import { isTerminal } from '../../job/status.ts';
import { allEvents, eventsOfJob } from '../../jobs/events/event-source.ts';
import type { TenantEvent } from '../../store/store.ts';
import { described } from '../openapi/described.ts';
import type { Operation } from '../openapi/operation.ts';
import { readQuery, someOf, text, whole, wholeOr } from '../openapi/query-parameter.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { lastEventId, readLastEventId, sendEvents, wantsEventStream } from './event-stream.ts';
import { eventResource, tenantEventResource } from './job-resource.ts';
import { type NativeDoor, sendJobNotFound, sendJson } from './native-door.ts';
import { jobIdPath } from './operation-parts.ts';
import { eventPage, eventStream, jobEventType, jobHistory } from './schemas/job-event.ts';
import type { Sent } from './schemas/sent.ts';

const page = {
  after: whole('Events behind the one with this id.', { least: 0, most: Number.MAX_SAFE_INTEGER }),
  limit: wholeOr(100, 'Most events in an answer that is JSON.', { least: 1, most: 1000 }),
};

const getJobEvents = {
  id: 'getJobEvents',
  tag: 'Events',
  summary: 'The history of a job',
  description:
    'As JSON, or with `Accept: text/event-stream` as a stream, which begins with the first event and ends behind `ended`. `event: deleted` ' +
    'says that the job was deleted.',
  path: jobIdPath,
  query: page,
  headers: { 'Last-Event-ID': lastEventId },
  answers: {
    200: {
      description: 'What happened.',
      content: { 'application/json': jobHistory, 'text/event-stream': eventStream },
    },
    204: { description: 'A stream was asked for, and nothing more will happen: a browser stops asking.' },
  },
  errors: ['JOB_NOT_FOUND'],
} satisfies Operation;

const listEvents = {
  id: 'listEvents',
  tag: 'Events',
  summary: 'The history of all jobs',
  description:
    'As JSON, or with `Accept: text/event-stream` as a stream, which begins with what happens from now on unless `after` or `Last-Event-ID` ' +
    'says otherwise. `tenant` and `type` choose among the events of a page.',
  query: {
    ...page,
    tenant: text('Events of the jobs of this tenant.'),
    type: someOf(JOB_EVENT_TYPES, jobEventType, 'Events of these types.'),
  },
  headers: { 'Last-Event-ID': lastEventId },
  answers: {
    200: {
      description: 'What happened.',
      content: { 'application/json': eventPage, 'text/event-stream': eventStream },
    },
  },
  errors: [],
} satisfies Operation;

/** What happened: `/api/v1/jobs/{id}/events` and `/api/v1/events`, as pages or as a stream (`Accept: text/event-stream`). */
export function addEventRoutes(app: FastifyInstance, door: NativeDoor): void {
  const { service } = door;

  addRoutes(app, '/api/v1/jobs/:id/events', {
    GET: described(getJobEvents, async (request, reply) => {
      const { id } = request.params;
      const { after, limit } = readQuery(getJobEvents.query, request.url);
      const afterId = readLastEventId(request.headers) ?? after ?? 0;
      const job = await service.get(id);
      if (job === null) return sendJobNotFound(door, reply, id);
      reply.header('vary', 'Accept');
      const events = await service.events(id, afterId, limit);
      if (!wantsEventStream(request)) {
        return sendJson<Sent<typeof jobHistory>>(reply, { events: events.map(eventResource) });
      }
      // A browser's EventSource connects again after every end, but for this status.
      if (isTerminal(job.status) && events.length === 0) return reply.code(204).send();
      await sendEvents(door, request, reply, eventsOfJob(service, id), {
        ...{ afterId, isWanted: () => true, present: eventResource },
      });
      return undefined;
    }),
  });

  addRoutes(app, '/api/v1/events', {
    GET: described(listEvents, async (request, reply) => {
      const { after, limit, ...filter } = readQuery(listEvents.query, request.url);
      const afterId = readLastEventId(request.headers) ?? after;
      const isWanted = wanted(filter);
      reply.header('vary', 'Accept');
      if (wantsEventStream(request)) {
        await sendEvents(door, request, reply, allEvents(service), { afterId, isWanted, present: tenantEventResource });
        return undefined;
      }
      const [found, bounds] = await Promise.all([service.allEvents(afterId ?? 0, limit), service.eventBounds()]);
      return sendJson<Sent<typeof eventPage>>(reply, {
        events: found.filter(isWanted).map(tenantEventResource),
        next_after: found.at(-1)?.id ?? afterId ?? 0,
        oldest_id: bounds.oldestId,
        newest_id: bounds.newestId,
      });
    }),
  });
}

function wanted({ tenant, type }: { tenant: string | null; type: string[] }): (event: TenantEvent) => boolean {
  const types = new Set(type);
  return (event) => (tenant === null || event.tenant === tenant) && (types.size === 0 || types.has(event.type));
}
