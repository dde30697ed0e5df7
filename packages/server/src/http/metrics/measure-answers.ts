import type { FastifyInstance } from 'fastify';
import type { RequestMeter } from '../../metrics/http-requests.ts';
import type { OpenStreams } from '../streaming/open-streams.ts';

/** What stands for paths that are not there. */
const NO_ROUTE = 'none';

/** Measures every answer that fastify gives. How long somebody follows a log or waits for a job is not how long an answer takes. */
export function measureAnswers(app: FastifyInstance, meter: RequestMeter, { isFollowing }: OpenStreams): void {
  app.addHook('onResponse', (request, reply, done) => {
    if (!isFollowing(reply.raw)) {
      const { is404, routeOptions, method } = request;
      const route = is404 ? NO_ROUTE : (routeOptions.url ?? NO_ROUTE);
      meter.answered(route, method, reply.statusCode, reply.elapsedTime);
    }
    done();
  });
}
