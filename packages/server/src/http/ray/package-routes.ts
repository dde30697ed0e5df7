import type { FastifyInstance } from 'fastify';
import { DroverError, droverError } from '../../errors/drover-error.ts';
import type { PackageStore } from '../../packages/package-store.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { pathOf } from '../security/request-target.ts';
import { leaveBodiesUnread, uploadedBytes } from '../streaming/upload-body.ts';

/** Uploaded packages, as Ray's client asks for them and puts them. Bodies go to disk as they come, of any type. */
export function addRayPackageRoutes(app: FastifyInstance, packages: PackageStore): void {
  leaveBodiesUnread(app);

  addRoutes(app, '/api/packages/gcs/:id', {
    GET: async (request, reply) => {
      const { id: name } = request.params;
      if ((await packages.find(name)) === null) {
        throw new DroverError('PACKAGE_NOT_FOUND', `Package gcs://${name} does not exist`, { name });
      }
      return reply.header('cache-control', 'no-store').send('');
    },
    PUT: async (request, reply) => {
      await packages.put(request.params.id, uploadedBytes(request.raw, packages.maxBytes));
      return reply.send('');
    },
  });

  // Ray's other protocols name packages that lie elsewhere.
  const refuse = async ({ url }: { url: string }) => {
    throw droverError('INVALID_BODY', {
      detail: `only packages of the protocol gcs are kept here, not ${pathOf(url)}`,
    });
  };
  addRoutes(app, '/api/packages/:protocol/:id', { GET: refuse, PUT: refuse });
}
