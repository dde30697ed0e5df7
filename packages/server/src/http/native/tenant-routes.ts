import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Tenant } from '../../queue/tenant.ts';
import { described } from '../openapi/described.ts';
import type { Operation } from '../openapi/operation.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { checkTenantName, TENANT } from '../routing/request-headers.ts';
import { type NativeDoor, sendJson } from './native-door.ts';
import { type SentTenant, tenantResource, withTenantRules } from './queue-resource.ts';
import { readBody } from './read-body.ts';
import type { Sent } from './schemas/sent.ts';
import { changeTenant as changeTenantBody } from './schemas/tenant.ts';
import { tenantList, tenant as tenantSchema } from './schemas/tenant-answer.ts';

const path = { name: { schema: z.string().regex(TENANT), description: 'Name of the tenant.' } };

const theTenant = { description: 'The tenant.', content: { 'application/json': tenantSchema } };

const listTenants = {
  id: 'listTenants',
  tag: 'Tenants',
  summary: 'List tenants, by name',
  answers: {
    200: {
      description:
        'Those about whom something was set, and those with jobs that wait or run, or whose past still counts.',
      content: { 'application/json': tenantList },
    },
  },
  errors: [],
} satisfies Operation;

const getTenant = {
  id: 'getTenant',
  tag: 'Tenants',
  summary: 'One tenant',
  description: "Any name is a tenant's, with nothing set about it.",
  path,
  answers: { 200: theTenant },
  errors: ['NOT_FOUND'],
} satisfies Operation;

const changeTenant = {
  id: 'changeTenant',
  tag: 'Tenants',
  summary: 'Change the rules for a tenant',
  description: 'What is absent stays as it was; null takes a limit away.',
  path,
  body: { content: { 'application/json': changeTenantBody }, isRequired: true },
  answers: { 200: theTenant },
  errors: ['NOT_FOUND', 'UNKNOWN_QUEUE', 'STORAGE_FULL'],
} satisfies Operation;

const resetTenant = {
  id: 'resetTenant',
  tag: 'Tenants',
  summary: 'Forget what was set about a tenant',
  path,
  answers: { 204: { description: 'Nothing is set about it.' } },
  errors: ['NOT_FOUND', 'STORAGE_FULL'],
} satisfies Operation;

/** Weights, quotas and shares of tenants: `/api/v1/tenants` and below. Any name is a tenant's, with nothing set about it. */
export function addTenantRoutes(app: FastifyInstance, { queues }: Pick<NativeDoor, 'queues'>): void {
  const present = (tenant: Tenant) => tenantResource(tenant, queues.tenantUse(tenant.name));

  addRoutes(app, '/api/v1/tenants', {
    GET: described(listTenants, async (_request, reply) =>
      sendJson<Sent<typeof tenantList>>(reply, { tenants: queues.tenants().map(present) }),
    ),
  });

  addRoutes(app, '/api/v1/tenants/:id', {
    GET: described(getTenant, async (request, reply) =>
      sendJson<SentTenant>(reply, present(queues.tenant(checkTenantName(request.params.id)))),
    ),
    PATCH: described(changeTenant, async (request, reply) => {
      const name = checkTenantName(request.params.id);
      const rules = readBody(changeTenantBody, request.body);
      const tenant = await queues.changeTenant(name, (before) => withTenantRules(before, rules));
      return sendJson<SentTenant>(reply, present(tenant));
    }),
    DELETE: described(resetTenant, async (request, reply) => {
      await queues.resetTenant(checkTenantName(request.params.id));
      return reply.code(204).send();
    }),
  });
}
