import type { FastifyInstance } from 'fastify';
import type { Operation } from './operation.ts';

/** A route that has a description. */
export interface DescribedRoute {
  method: string;
  /** As fastify writes it: `/jobs/:id`. */
  url: string;
  operation: Operation;
}

/** A list that every described route is put on that is added from now on. */
export function collectOperations(app: FastifyInstance): readonly DescribedRoute[] {
  const found: DescribedRoute[] = [];
  app.addHook('onRoute', ({ method, url, config }) => {
    const operation = config?.operation;
    if (operation !== undefined) for (const each of [method].flat()) found.push({ method: each, url, operation });
  });
  return found;
}
