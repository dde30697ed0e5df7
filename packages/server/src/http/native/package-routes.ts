import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { droverError } from '../../errors/drover-error.ts';
import { PACKAGE_NAME } from '../../packages/package-name.ts';
import type { PackageStore, StoredPackage } from '../../packages/package-store.ts';
import { described } from '../openapi/described.ts';
import type { Operation, Parameter } from '../openapi/operation.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { leaveBodiesUnread, uploadedBytes } from '../streaming/upload-body.ts';
import { sendJson } from './native-door.ts';
import type { Sent } from './schemas/sent.ts';
import { storedPackage } from './schemas/stored-package.ts';

const path = {
  name: {
    schema: z.string().regex(PACKAGE_NAME),
    description: 'Whatever the client calls it; the Ray client takes `_ray_pkg_HASH.zip`.',
  },
} satisfies Record<string, Parameter>;

const thePackage = {
  content: { 'application/json': storedPackage },
  headers: {
    'X-Package-Size': { schema: z.int().min(0), description: 'Bytes.', isRequired: true },
    'X-Package-Sha256': { schema: z.string().regex(/^[0-9a-f]{64}$/), description: 'Of the bytes.', isRequired: true },
  },
};

const getPackage = {
  id: 'getPackage',
  tag: 'Packages',
  summary: 'Find an uploaded archive',
  description: 'Who asks for it keeps it from expiring for a while.',
  head: 'Whether an archive is there',
  path,
  answers: { 200: { description: 'It is there.', ...thePackage } },
  errors: ['INVALID_PACKAGE_NAME', 'PACKAGE_NOT_FOUND'],
} satisfies Operation;

const putPackage = {
  id: 'putPackage',
  tag: 'Packages',
  summary: 'Upload an archive',
  description:
    'Answered when the bytes are on disk. One of the same name is replaced at once; jobs name it `gcs://NAME`.',
  path,
  body: {
    description: 'The bytes of a zip or tar file, in any type.',
    content: { 'application/octet-stream': z.string().meta({ contentMediaType: 'application/octet-stream' }) },
    isRequired: true,
  },
  answers: { 200: { description: 'It is there.', ...thePackage } },
  errors: ['INVALID_PACKAGE_NAME', 'PACKAGE_TOO_LARGE', 'STORAGE_FULL'],
} satisfies Operation;

/**
 * `/api/v1/packages/{name}`: GET and HEAD tell whether an archive is there, with its size and checksum (HEAD in headers), and keep it from
 * expiring for a while; PUT takes its bytes as the body. Jobs name it `gcs://{name}`.
 */
export function addPackageRoutes(app: FastifyInstance, packages: PackageStore): void {
  app.register(async (scope) => {
    leaveBodiesUnread(scope);
    addRoutes(scope, '/api/v1/packages/:id', {
      GET: described(getPackage, async (request, reply) => {
        const { id: name } = request.params;
        const found = await packages.find(name);
        if (found === null) throw droverError('PACKAGE_NOT_FOUND', { name });
        return sendPackage(reply, found);
      }),
      PUT: described(putPackage, async (request, reply) => {
        const bytes = uploadedBytes(request.raw, packages.maxBytes);
        return sendPackage(reply, await packages.put(request.params.id, bytes));
      }),
    });
  });
}

function sendPackage(reply: FastifyReply, { name, sizeBytes, sha256 }: StoredPackage): FastifyReply {
  reply.header('x-package-size', String(sizeBytes)).header('x-package-sha256', sha256);
  return sendJson<Sent<typeof storedPackage>>(reply, { name, uri: `gcs://${name}`, size_bytes: sizeBytes, sha256 });
}
