import type { FastifyInstance, FastifyReply } from 'fastify';
import { droverError } from '../../errors/drover-error.ts';
import type { PackageStore, StoredPackage } from '../../packages/package-store.ts';
import { queryOf, refuseUnknownParameters } from '../listing/query-parameters.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { leaveBodiesUnread, uploadedBytes } from '../streaming/upload-body.ts';
import { sendJson } from './native-door.ts';

/**
 * `/api/v1/packages/{name}`: GET and HEAD tell whether an archive is there, with its size and checksum (HEAD in headers), and keep it from
 * expiring for a while; PUT takes its bytes as the body. Jobs name it `gcs://{name}`.
 */
export function addPackageRoutes(app: FastifyInstance, packages: PackageStore): void {
  app.register(async (scope) => {
    leaveBodiesUnread(scope);
    addRoutes(scope, '/api/v1/packages/:id', {
      GET: async (request, reply) => {
        const { id: name } = request.params;
        refuseUnknownParameters(queryOf(request.url), []);
        const found = await packages.find(name);
        if (found === null) throw droverError('PACKAGE_NOT_FOUND', { name });
        return sendPackage(reply, found);
      },
      PUT: async (request, reply) => {
        refuseUnknownParameters(queryOf(request.url), []);
        const bytes = uploadedBytes(request.raw, packages.maxBytes);
        return sendPackage(reply, await packages.put(request.params.id, bytes));
      },
    });
  });
}

function sendPackage(reply: FastifyReply, { name, sizeBytes, sha256 }: StoredPackage): FastifyReply {
  reply.header('x-package-size', String(sizeBytes)).header('x-package-sha256', sha256);
  return sendJson(reply, { name, uri: `gcs://${name}`, size_bytes: sizeBytes, sha256 });
}
