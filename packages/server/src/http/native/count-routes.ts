import type { FastifyInstance } from 'fastify';
import { described } from '../openapi/described.ts';
import type { Operation } from '../openapi/operation.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { type NativeDoor, sendJson } from './native-door.ts';
import { jobCounts } from './schemas/job-counts.ts';
import type { Sent } from './schemas/sent.ts';

const countJobs = {
  id: 'countJobs',
  tag: 'Jobs',
  summary: 'How many jobs there are of each status',
  answers: { 200: { description: 'The counts.', content: { 'application/json': jobCounts } } },
  errors: [],
} satisfies Operation;

/** How many jobs there are of each status: `/api/v1/counts`. Kept by the store, so that it costs the same for any number. */
export function addCountRoutes(app: FastifyInstance, { service }: Pick<NativeDoor, 'service'>): void {
  addRoutes(app, '/api/v1/counts', {
    GET: described(countJobs, async (_request, reply) =>
      sendJson<Sent<typeof jobCounts>>(reply, { jobs: await service.counts() }),
    ),
  });
}
