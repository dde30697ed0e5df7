import type { FastifyInstance } from 'fastify';
import { newQueue, type Queue, type QueueState } from '../../queue/queue.ts';
import { queryOf, refuseUnknownParameters } from '../listing/query-parameters.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { type NativeDoor, sendJson } from './native-door.ts';
import { queueResource, withQueueRules } from './queue-resource.ts';
import { readBody } from './read-body.ts';
import { noFields } from './schemas/no-fields.ts';
import { changeQueue, createQueue } from './schemas/queue.ts';

/** What each action on a queue makes of its state. */
const STATES = { pause: 'paused', resume: 'active', drain: 'draining' } as const satisfies Record<string, QueueState>;

/** Queues: `/api/v1/queues` and below. */
export function addQueueRoutes(app: FastifyInstance, { queues }: Pick<NativeDoor, 'queues'>): void {
  const present = (queue: Queue) => queueResource(queue, queues.queueUse(queue.name));

  addRoutes(app, '/api/v1/queues', {
    GET: async (request, reply) => {
      refuseUnknownParameters(queryOf(request.url), []);
      return sendJson(reply, { queues: queues.queues().map(present) });
    },
    POST: async (request, reply) => {
      const { name, ...rules } = readBody(createQueue, request.body);
      const queue = await queues.createQueue(withQueueRules(newQueue(name), rules));
      reply.code(201).header('location', `/api/v1/queues/${name}`);
      return sendJson(reply, present(queue));
    },
  });

  addRoutes(app, '/api/v1/queues/:id', {
    GET: async (request, reply) => sendJson(reply, present(queues.queue(request.params.id))),
    PATCH: async (request, reply) => {
      const rules = readBody(changeQueue, request.body);
      const queue = await queues.changeQueue(request.params.id, (before) => withQueueRules(before, rules));
      return sendJson(reply, present(queue));
    },
    DELETE: async (request, reply) => {
      await queues.removeQueue(request.params.id);
      return reply.code(204).send();
    },
  });

  for (const action of ['pause', 'resume', 'drain'] as const) {
    addRoutes(app, `/api/v1/queues/:id/${action}`, {
      POST: async (request, reply) => {
        readBody(noFields, request.body ?? {});
        const queue = await queues.changeQueue(request.params.id, (before) => ({ ...before, state: STATES[action] }));
        return sendJson(reply, present(queue));
      },
    });
  }
}
