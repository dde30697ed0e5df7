import type { FastifyInstance } from 'fastify';
import { queryOf, refuseUnknownParameters } from '../listing/query-parameters.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { type NativeDoor, sendJson } from './native-door.ts';

/** How many jobs there are of each status: `/api/v1/counts`. Kept by the store, so that it costs the same for any number. */
export function addCountRoutes(app: FastifyInstance, { service }: Pick<NativeDoor, 'service'>): void {
  addRoutes(app, '/api/v1/counts', {
    GET: async (request, reply) => {
      refuseUnknownParameters(queryOf(request.url), []);
      return sendJson(reply, { jobs: await service.counts() });
    },
  });
}
