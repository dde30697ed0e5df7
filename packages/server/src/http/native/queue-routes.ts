import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { newQueue, type Queue, type QueueState } from '../../queue/queue.ts';
import { described } from '../openapi/described.ts';
import type { Operation } from '../openapi/operation.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { type NativeDoor, sendJson } from './native-door.ts';
import { queueResource, type SentQueue, withQueueRules } from './queue-resource.ts';
import { readBody } from './read-body.ts';
import { noFields } from './schemas/no-fields.ts';
import { changeQueue as changeQueueBody, createQueue as createQueueBody } from './schemas/queue.ts';
import { queueList, queue as queueSchema } from './schemas/queue-answer.ts';
import type { Sent } from './schemas/sent.ts';

/** What each action on a queue makes of its state. */
const STATES = { pause: 'paused', resume: 'active', drain: 'draining' } as const satisfies Record<string, QueueState>;

const path = { name: { schema: z.string().min(1), description: 'Name of the queue.' } };

const theQueue = { description: 'The queue.', content: { 'application/json': queueSchema } };

const listQueues = {
  id: 'listQueues',
  tag: 'Queues',
  summary: 'List queues, by name',
  answers: { 200: { description: 'All queues.', content: { 'application/json': queueList } } },
  errors: [],
} satisfies Operation;

const createQueue = {
  id: 'createQueue',
  tag: 'Queues',
  summary: 'Create a queue',
  body: { content: { 'application/json': createQueueBody }, isRequired: true },
  answers: {
    201: {
      ...theQueue,
      headers: { Location: { schema: z.string(), description: 'Path of the queue.', isRequired: true } },
    },
  },
  errors: ['QUEUE_EXISTS', 'UNKNOWN_ENGINE', 'INVALID_ENGINE_OPTIONS', 'STORAGE_FULL'],
} satisfies Operation;

const getQueue = {
  id: 'getQueue',
  tag: 'Queues',
  summary: 'One queue',
  path,
  answers: { 200: theQueue },
  errors: ['QUEUE_NOT_FOUND'],
} satisfies Operation;

const changeQueue = {
  id: 'changeQueue',
  tag: 'Queues',
  summary: 'Change the rules of a queue',
  description: 'What is absent stays as it was; null takes a limit away.',
  path,
  body: { content: { 'application/json': changeQueueBody }, isRequired: true },
  answers: { 200: theQueue },
  errors: ['QUEUE_NOT_FOUND', 'UNKNOWN_ENGINE', 'INVALID_ENGINE_OPTIONS', 'STORAGE_FULL'],
} satisfies Operation;

const deleteQueue = {
  id: 'deleteQueue',
  tag: 'Queues',
  summary: 'Delete a queue that has no unfinished jobs',
  path,
  answers: { 204: { description: 'The queue is gone.' } },
  errors: ['QUEUE_NOT_FOUND', 'QUEUE_NOT_EMPTY', 'QUEUE_REQUIRED', 'STORAGE_FULL'],
} satisfies Operation;

const SUMMARIES = {
  pause: 'Let a queue take jobs and start none',
  resume: 'Let a queue take jobs and start them',
  drain: 'Let a queue refuse submits and start what waits',
};

function actionOn(action: keyof typeof STATES): Operation {
  return {
    id: `${action}Queue`,
    tag: 'Queues',
    summary: SUMMARIES[action],
    path,
    body: { content: { 'application/json': noFields }, isRequired: false },
    answers: { 200: theQueue },
    errors: ['QUEUE_NOT_FOUND', 'STORAGE_FULL'],
  };
}

/** Queues: `/api/v1/queues` and below. */
export function addQueueRoutes(app: FastifyInstance, { queues }: Pick<NativeDoor, 'queues'>): void {
  const present = (queue: Queue) => queueResource(queue, queues.queueUse(queue.name));

  addRoutes(app, '/api/v1/queues', {
    GET: described(listQueues, async (_request, reply) =>
      sendJson<Sent<typeof queueList>>(reply, { queues: queues.queues().map(present) }),
    ),
    POST: described(createQueue, async (request, reply) => {
      const { name, ...rules } = readBody(createQueueBody, request.body);
      const queue = await queues.createQueue(withQueueRules(newQueue(name), rules));
      reply.code(201).header('location', `/api/v1/queues/${name}`);
      return sendJson<SentQueue>(reply, present(queue));
    }),
  });

  addRoutes(app, '/api/v1/queues/:id', {
    GET: described(getQueue, async (request, reply) =>
      sendJson<SentQueue>(reply, present(queues.queue(request.params.id))),
    ),
    PATCH: described(changeQueue, async (request, reply) => {
      const rules = readBody(changeQueueBody, request.body);
      const queue = await queues.changeQueue(request.params.id, (before) => withQueueRules(before, rules));
      return sendJson<SentQueue>(reply, present(queue));
    }),
    DELETE: described(deleteQueue, async (request, reply) => {
      await queues.removeQueue(request.params.id);
      return reply.code(204).send();
    }),
  });

  for (const action of ['pause', 'resume', 'drain'] as const) {
    addRoutes(app, `/api/v1/queues/:id/${action}`, {
      POST: described(actionOn(action), async (request, reply) => {
        readBody(noFields, request.body ?? {});
        const queue = await queues.changeQueue(request.params.id, (before) => ({ ...before, state: STATES[action] }));
        return sendJson<SentQueue>(reply, present(queue));
      }),
    });
  }
}
