import type { CallOptions } from './call-options.ts';
import { namedPath } from './named-path.ts';
import { parseQueue, parseQueues } from './parse-answer.ts';
import type { Queue, QueueRules } from './queue.ts';
import type { Transport } from './transport.ts';

/** Queues. Changes resolve when they are on the server's disk, and hold from then on. */
export interface QueueCalls {
  /** By name; `default` is always among them. */
  list(options?: CallOptions): Promise<Queue[]>;

  get(name: string, options?: CallOptions): Promise<Queue>;

  create(queue: { name: string } & QueueRules, options?: CallOptions): Promise<Queue>;

  change(name: string, rules: QueueRules, options?: CallOptions): Promise<Queue>;

  /** From now on it takes jobs and starts none. */
  pause(name: string, options?: CallOptions): Promise<Queue>;

  /** Whatever was before: from now on it takes jobs and starts them. */
  resume(name: string, options?: CallOptions): Promise<Queue>;

  /** From now on it refuses submits, and starts what waits already. */
  drain(name: string, options?: CallOptions): Promise<Queue>;

  /** Only of a queue whose jobs have all ended. */
  delete(name: string, options?: CallOptions): Promise<void>;
}

export function createQueueCalls(transport: Transport): QueueCalls {
  const act =
    (action: 'pause' | 'resume' | 'drain') =>
    async (name: string, { signal }: CallOptions = {}): Promise<Queue> => {
      const request = { method: 'POST', path: `${queuePath(name)}/${action}`, body: {}, signal } as const;
      return parseQueue(await transport.sendForJson(request));
    };

  return {
    list: async ({ signal } = {}) => parseQueues(await transport.sendForJson({ path: '/queues', signal })),

    get: async (name, { signal } = {}) => parseQueue(await transport.sendForJson({ path: queuePath(name), signal })),

    create: async (queue, { signal } = {}) =>
      parseQueue(await transport.sendForJson({ method: 'POST', path: '/queues', body: queue, signal })),

    change: async (name, rules, { signal } = {}) =>
      parseQueue(await transport.sendForJson({ method: 'PATCH', path: queuePath(name), body: rules, signal })),

    pause: act('pause'),
    resume: act('resume'),
    drain: act('drain'),

    delete: async (name, { signal } = {}) => {
      const response = await transport.send({ method: 'DELETE', path: queuePath(name), signal });
      await response.body?.cancel();
    },
  };
}

function queuePath(name: string): string {
  return namedPath('/queues', name, {
    code: 'QUEUE_NOT_FOUND',
    status: 404,
    title: 'No such queue',
    detail: `no queue has the name '${name}'`,
  });
}
