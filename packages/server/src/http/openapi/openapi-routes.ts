import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { etagHeader, ifNoneMatchHeader } from '../conditional/etag.ts';
import { sendTagged, type TaggedContent, tagged } from '../conditional/send-tagged.ts';
import { addRoutes } from '../routing/add-routes.ts';
import type { DescribedRoute } from './collect-operations.ts';
import { described } from './described.ts';
import { buildDocument } from './document.ts';
import type { Operation } from './operation.ts';

export const DOCUMENT_PATH = '/api/v1/openapi.json';

/** It tells nothing that needs a token, and the page that shows it cannot send one before it has it. */
export function isDocumentPath(path: string): boolean {
  return path === DOCUMENT_PATH;
}

const getOpenApi = {
  id: 'getOpenApi',
  tag: 'Server',
  summary: 'This document',
  headers: { 'If-None-Match': ifNoneMatchHeader },
  answers: {
    200: {
      description: 'The OpenAPI 3.1 document of this API.',
      content: { 'application/json': z.record(z.string(), z.unknown()) },
      headers: { ETag: etagHeader },
    },
    304: { description: 'It is as `If-None-Match` says.', headers: { ETag: etagHeader } },
  },
  errors: [],
  isPublic: true,
} satisfies Operation;

/**
 * `GET /api/v1/openapi.json`: the description of all routes that have one, made when it is asked for first.
 *
 * @param routes fills up until then
 */
export function addOpenApiRoute(app: FastifyInstance, routes: readonly DescribedRoute[], version: string): void {
  let document: TaggedContent | null = null;

  addRoutes(app, DOCUMENT_PATH, {
    GET: described(getOpenApi, async (request, reply) => {
      document ??= tagged(JSON.stringify(buildDocument(routes, version)), {
        'content-type': 'application/json; charset=utf-8',
      });
      return sendTagged(request, reply, document);
    }),
  });
}
