import type { FastifyInstance } from 'fastify';
import { addBulkRoutes } from './bulk-routes.ts';
import { addClusterRoutes } from './cluster-routes.ts';
import { addCollectionRoutes } from './collection-routes.ts';
import { addCountRoutes } from './count-routes.ts';
import { addEventRoutes } from './event-routes.ts';
import { addJobRoutes } from './job-routes.ts';
import { addLogSearchRoutes } from './log-search-routes.ts';
import type { NativeDoor } from './native-door.ts';
import { addQueueRoutes } from './queue-routes.ts';
import { addRetryRoutes } from './retry-routes.ts';
import { addScheduleRoutes } from './schedule-routes.ts';
import { addTenantRoutes } from './tenant-routes.ts';
import { addWebhookRoutes } from './webhook-routes.ts';

/** All of the native API but its packages, which need no service. */
export function addNativeRoutes(app: FastifyInstance, door: NativeDoor): void {
  addCollectionRoutes(app, door);
  addJobRoutes(app, door);
  addBulkRoutes(app, door);
  addEventRoutes(app, door);
  addLogSearchRoutes(app, door);
  addRetryRoutes(app, door);
  addCountRoutes(app, door);
  addQueueRoutes(app, door);
  addScheduleRoutes(app, door);
  addTenantRoutes(app, door);
  addWebhookRoutes(app, door);
  addClusterRoutes(app, door);
}
