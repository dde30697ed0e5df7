import type { FastifyInstance, FastifyReply } from 'fastify';
import { addRoutes } from '../routing/add-routes.ts';

const HEALTH_PATHS: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/** They tell nothing that needs a token, and what asks them (a balancer, an init system) often has none. */
export function isHealthPath(path: string): boolean {
  return HEALTH_PATHS.has(path);
}

/** `/healthz`: the process serves. `/readyz`: it has everything that it needs to take work, else 503. */
export function addHealthRoutes(app: FastifyInstance, isReady: () => boolean): void {
  addRoutes(app, '/healthz', { GET: async (_request, reply) => sendStatus(reply, 200, 'ok') });
  addRoutes(app, '/readyz', {
    GET: async (_request, reply) => (isReady() ? sendStatus(reply, 200, 'ready') : sendStatus(reply, 503, 'not ready')),
  });
}

function sendStatus(reply: FastifyReply, code: number, status: string): FastifyReply {
  return reply
    .code(code)
    .headers({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
    .send(JSON.stringify({ status }));
}
