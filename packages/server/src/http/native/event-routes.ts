import type { FastifyInstance } from 'fastify';
import { droverError } from '../../errors/drover-error.ts';
import { JOB_EVENT_TYPES, type JobEventType } from '../../job/event.ts';
import { isTerminal } from '../../job/status.ts';
import { allEvents, eventsOfJob } from '../../jobs/events/event-source.ts';
import type { TenantEvent } from '../../store/store.ts';
import { queryOf, refuseUnknownParameters, singleParameter, wholeParameter } from '../listing/query-parameters.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { readLastEventId, sendEvents, wantsEventStream } from './event-stream.ts';
import { eventResource, tenantEventResource } from './job-resource.ts';
import { type NativeDoor, sendJobNotFound, sendJson } from './native-door.ts';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1000;

/** What happened: `/api/v1/jobs/{id}/events` and `/api/v1/events`, as pages or as a stream (`Accept: text/event-stream`). */
export function addEventRoutes(app: FastifyInstance, door: NativeDoor): void {
  const { service } = door;

  addRoutes(app, '/api/v1/jobs/:id/events', {
    GET: async (request, reply) => {
      const { id } = request.params;
      const query = queryOf(request.url);
      refuseUnknownParameters(query, ['after', 'limit']);
      const { after, limit } = readPage(query);
      const afterId = readLastEventId(request.headers) ?? after ?? 0;
      const job = await service.get(id);
      if (job === null) return sendJobNotFound(door, reply, id);
      reply.header('vary', 'Accept');
      const events = await service.events(id, afterId, limit);
      if (!wantsEventStream(request)) return sendJson(reply, { events: events.map(eventResource) });
      // A browser's EventSource connects again after every end, but for this status.
      if (isTerminal(job.status) && events.length === 0) return reply.code(204).send();
      await sendEvents(door, request, reply, eventsOfJob(service, id), {
        ...{ afterId, isWanted: () => true, present: eventResource },
      });
      return undefined;
    },
  });

  addRoutes(app, '/api/v1/events', {
    GET: async (request, reply) => {
      const query = queryOf(request.url);
      refuseUnknownParameters(query, ['after', 'limit', 'tenant', 'type']);
      const { after, limit } = readPage(query);
      const afterId = readLastEventId(request.headers) ?? after;
      const isWanted = readFilter(query);
      reply.header('vary', 'Accept');
      if (wantsEventStream(request)) {
        await sendEvents(door, request, reply, allEvents(service), { afterId, isWanted, present: tenantEventResource });
        return undefined;
      }
      const [page, bounds] = await Promise.all([service.allEvents(afterId ?? 0, limit), service.eventBounds()]);
      return sendJson(reply, {
        events: page.filter(isWanted).map(tenantEventResource),
        next_after: page.at(-1)?.id ?? afterId ?? 0,
        oldest_id: bounds.oldestId,
        newest_id: bounds.newestId,
      });
    },
  });
}

function readPage(query: URLSearchParams): { after: number | null; limit: number } {
  return {
    after: wholeParameter(query, 'after', 0, Number.MAX_SAFE_INTEGER),
    limit: wholeParameter(query, 'limit', 1, MAX_LIMIT) ?? DEFAULT_LIMIT,
  };
}

function readFilter(query: URLSearchParams): (event: TenantEvent) => boolean {
  const tenant = singleParameter(query, 'tenant');
  const types = new Set(query.getAll('type').map(parseType));
  return (event) => (tenant === null || event.tenant === tenant) && (types.size === 0 || types.has(event.type));
}

function parseType(text: string): JobEventType {
  const type = JOB_EVENT_TYPES.find((known) => known === text);
  if (type !== undefined) return type;
  throw droverError('INVALID_QUERY', { name: 'type', detail: `must be one of ${JOB_EVENT_TYPES.join(', ')}` });
}
