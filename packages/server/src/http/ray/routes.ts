import type { Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { DroverError } from '../../errors/drover-error.ts';
import { pathOf } from '../security/request-target.ts';

import { isBrowserWrite } from './browser-guard.ts';
import { addRayJobRoutes } from './job-routes.ts';
import { addRayPackageRoutes } from './package-routes.ts';
import type { RayDoor } from './ray-door.ts';
import { RAY_PREFIX } from './ray-path.ts';
import { addRayServiceRoutes } from './service-routes.ts';
import { addTailRoute } from './tail-logs.ts';

/** A page may log in. */
const OPEN_TO_BROWSERS = `${RAY_PREFIX}/api/authenticate`;

/** The Ray Jobs API under `/ray`. Errors are given their form by `error-answer.ts`. */
export async function addRayRoutes(app: FastifyInstance, door: RayDoor, upgrades: Server): Promise<void> {
  const register = async (scope: FastifyInstance) => {
    scope.addHook('onRequest', async (request) => {
      if (pathOf(request.url) === OPEN_TO_BROWSERS || !isBrowserWrite(request.method, request.headers)) return;
      const text = `'${request.method}' method not allowed for browser traffic.`;
      throw new DroverError('METHOD_NOT_ALLOWED', text, { browser: 'refused' });
    });
    // Ray does not look at the type that a body is declared as: curl's own is the usual one.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

    addRayServiceRoutes(scope, door);
    addRayJobRoutes(scope, door);
    await addTailRoute(scope, door, upgrades);
    await scope.register(async (inner) => addRayPackageRoutes(inner, door.packages));
  };
  await app.register(register, { prefix: RAY_PREFIX });
}
