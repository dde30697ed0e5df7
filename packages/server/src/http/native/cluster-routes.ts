import type { FastifyInstance } from 'fastify';
import { described } from '../openapi/described.ts';
import type { Operation } from '../openapi/operation.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { clusterResource, engineResource } from './cluster-resource.ts';
import { type NativeDoor, sendJson } from './native-door.ts';
import { cluster as clusterSchema, engineList } from './schemas/cluster.ts';
import type { Sent } from './schemas/sent.ts';

const getCluster = {
  id: 'getCluster',
  tag: 'Server',
  summary: 'The nodes, what they have and what of it is in use',
  answers: { 200: { description: 'The cluster, as it is now.', content: { 'application/json': clusterSchema } } },
  errors: [],
} satisfies Operation;

const listEngines = {
  id: 'listEngines',
  tag: 'Server',
  summary: 'What runs drivers, by the names that queues and jobs choose it by',
  answers: { 200: { description: 'The engines, as they are now.', content: { 'application/json': engineList } } },
  errors: [],
} satisfies Operation;

/** `GET /api/v1/cluster` and `/api/v1/engines`: where drivers run. */
export function addClusterRoutes(
  app: FastifyInstance,
  { cluster, version }: Pick<NativeDoor, 'cluster' | 'version'>,
): void {
  addRoutes(app, '/api/v1/cluster', {
    GET: described(getCluster, async (_request, reply) =>
      sendJson<Sent<typeof clusterSchema>>(reply, clusterResource(cluster(), version)),
    ),
  });

  addRoutes(app, '/api/v1/engines', {
    GET: described(listEngines, async (_request, reply) =>
      sendJson<Sent<typeof engineList>>(reply, { engines: cluster().engines.map(engineResource) }),
    ),
  });
}
