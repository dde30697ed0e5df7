import type { FastifyInstance } from 'fastify';
import { described } from '../openapi/described.ts';
import type { Operation } from '../openapi/operation.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { clusterResource } from './cluster-resource.ts';
import { type NativeDoor, sendJson } from './native-door.ts';
import { cluster as clusterSchema } from './schemas/cluster.ts';
import type { Sent } from './schemas/sent.ts';

const getCluster = {
  id: 'getCluster',
  tag: 'Server',
  summary: 'The nodes, what they have and what of it is in use',
  answers: { 200: { description: 'The cluster, as it is now.', content: { 'application/json': clusterSchema } } },
  errors: [],
} satisfies Operation;

/** `GET /api/v1/cluster`: where drivers run. */
export function addClusterRoutes(
  app: FastifyInstance,
  { cluster, version }: Pick<NativeDoor, 'cluster' | 'version'>,
): void {
  addRoutes(app, '/api/v1/cluster', {
    GET: described(getCluster, async (_request, reply) =>
      sendJson<Sent<typeof clusterSchema>>(reply, clusterResource(cluster(), version)),
    ),
  });
}
