import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../../metrics/create-metrics.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { preferredFormat } from './preferred-format.ts';

/** `/metrics`, for Prometheus. Parameters that a scraper sends along mean nothing here. */
export function addMetricsRoutes(app: FastifyInstance, { expose }: Pick<Metrics, 'expose'>): void {
  addRoutes(app, '/metrics', {
    GET: async (request, reply) => {
      const { contentType, body } = await expose(preferredFormat(request.headers.accept));
      reply.headers({ 'content-type': contentType, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
      return reply.header('vary', 'Accept').send(body);
    },
  });
}
