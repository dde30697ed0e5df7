import { queryOf, refuseUnknownParameters } from '../listing/query-parameters.ts';
import type { RouteHandler } from '../routing/add-routes.ts';
import type { Operation } from './operation.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the OpenAPI document says of the route. */
    operation?: Operation;
  }
}

/** A handler, and what the OpenAPI document says of it. */
export interface DescribedHandler {
  operation: Operation;
  handler: RouteHandler;
}

/** Puts a description to a handler. What the description does not name is refused in a query (`INVALID_QUERY`). */
export function described(operation: Operation, handler: RouteHandler): DescribedHandler {
  const all = Object.keys(operation.query ?? {});
  const names = all.filter((name) => !isPrefix(name));
  const prefixes = all.filter(isPrefix);
  return {
    operation,
    handler: async (request, reply) => {
      if (request.url.includes('?')) refuseUnknownParameters(queryOf(request.url), names, prefixes);
      return handler(request, reply);
    },
  };
}

/** Whether a parameter of a description stands for every name that begins so. */
export function isPrefix(name: string): boolean {
  return name.endsWith('.');
}
