import type { FastifyInstance } from 'fastify';
import { droverError } from '../../errors/drover-error.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { createTokenCheck } from '../security/token-check.ts';
import { findRayToken, tokenCookie } from './credentials.ts';
import { type RayDoor, sendJson } from './ray-door.ts';

/** Ray's version of its Jobs API: 4 has DELETE. */
const API_VERSION = '4';

/** The release of Ray whose API this is; its clients compare it with what they need. */
const RAY_VERSION = '2.58.0';

/** What tells of the server and not of a job. */
export function addRayServiceRoutes(app: FastifyInstance, door: RayDoor): void {
  const { service, nodeId, version, readToken } = door;
  const checkToken = createTokenCheck(readToken, findRayToken);

  addRoutes(app, '/api/version', {
    GET: async (_request, reply) =>
      sendJson(reply, {
        version: API_VERSION,
        ray_version: RAY_VERSION,
        ray_commit: `drover-${version}`,
        session_name: `session_${nodeId}`,
      }),
  });

  addRoutes(app, '/api/component_activities', {
    GET: async (_request, reply) => {
      const { PENDING, RUNNING } = await service.counts();
      const active = PENDING + RUNNING;
      const timestamp = Date.now() / 1000;
      const driver = {
        is_active: active > 0 ? 'ACTIVE' : 'INACTIVE',
        reason: active > 0 ? `Number of active drivers: ${active}` : null,
        timestamp,
        last_activity_at: active > 0 ? timestamp : null,
      };
      return sendJson(reply, { driver });
    },
  });

  addRoutes(app, '/api/gcs_healthz', {
    GET: async (_request, reply) =>
      reply.headers({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).send('success'),
  });

  addRoutes(app, '/api/authentication_mode', {
    GET: async (_request, reply) =>
      sendJson(reply, { authentication_mode: readToken() === null ? 'disabled' : 'token' }),
  });

  addRoutes(app, '/api/authenticate', {
    POST: async (request, reply) => {
      const verdict = checkToken(request.headers);
      const details = { detail: `it is ${verdict}`, verdict };
      if (verdict !== 'accepted') throw droverError('UNAUTHENTICATED', details);
      const token = readToken();
      if (token !== null) reply.header('set-cookie', tokenCookie(token));
      return sendJson(reply, { status: 'authenticated', message: 'Token is valid' });
    },
  });
}
