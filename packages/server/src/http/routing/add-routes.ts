import { METHODS } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { droverError } from '../../errors/drover-error.ts';
import type { DescribedHandler } from '../openapi/described.ts';
import { pathOf } from '../security/request-target.ts';

/** A request of any route; `id` is decoded, and there where the path has one. */
export type RouteRequest = FastifyRequest<{ Params: { id: string } }>;

/** Sends the answer itself, or resolves with its body as text. */
export type RouteHandler = (request: RouteRequest, reply: FastifyReply) => Promise<unknown>;

/** Lets fastify route every method that Node can parse, so that none of them slips past a 405. */
export function knowAllMethods(app: FastifyInstance): void {
  for (const method of METHODS) {
    if (method !== 'CONNECT' && !app.supportedMethods.includes(method)) app.addHttpMethod(method);
  }
}

/** Adds the handlers of one path, with or without a description. A GET answers HEAD too; every other method is a 405 with `Allow`. */
export function addRoutes(
  app: FastifyInstance,
  url: string,
  handlers: Partial<Record<'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE', RouteHandler | DescribedHandler>>,
): void {
  const allowed: string[] = [];
  for (const [method, given] of Object.entries(handlers)) {
    const { handler, ...config } = typeof given === 'function' ? { handler: given } : given;
    const methods = method === 'GET' ? ['GET', 'HEAD'] : [method];
    allowed.push(...methods);
    app.route<{ Params: { id: string } }>({ method: methods, url, config, handler });
  }
  const allow = allowed.join(', ');
  app.route({
    method: app.supportedMethods.filter((method) => !allowed.includes(method)),
    url,
    // Before a body would be read: there is nothing that it could be for.
    onRequest: async (request, reply) => {
      reply.header('allow', allow);
      throw droverError('METHOD_NOT_ALLOWED', { method: request.method, path: pathOf(request.url) });
    },
    handler: async () => undefined,
  });
}
