import type { FastifyInstance } from 'fastify';
import type { Tenant } from '../../queue/tenant.ts';
import { queryOf, refuseUnknownParameters } from '../listing/query-parameters.ts';
import { addRoutes } from '../routing/add-routes.ts';
import { checkTenantName } from '../routing/request-headers.ts';
import { type NativeDoor, sendJson } from './native-door.ts';
import { tenantResource, withTenantRules } from './queue-resource.ts';
import { readBody } from './read-body.ts';
import { changeTenant } from './schemas/tenant.ts';

/** Weights, quotas and shares of tenants: `/api/v1/tenants` and below. Any name is a tenant's, with nothing set about it. */
export function addTenantRoutes(app: FastifyInstance, { queues }: Pick<NativeDoor, 'queues'>): void {
  const present = (tenant: Tenant) => tenantResource(tenant, queues.tenantUse(tenant.name));

  addRoutes(app, '/api/v1/tenants', {
    GET: async (request, reply) => {
      refuseUnknownParameters(queryOf(request.url), []);
      return sendJson(reply, { tenants: queues.tenants().map(present) });
    },
  });

  addRoutes(app, '/api/v1/tenants/:id', {
    GET: async (request, reply) => sendJson(reply, present(queues.tenant(checkTenantName(request.params.id)))),
    PATCH: async (request, reply) => {
      const name = checkTenantName(request.params.id);
      const rules = readBody(changeTenant, request.body);
      const tenant = await queues.changeTenant(name, (before) => withTenantRules(before, rules));
      return sendJson(reply, present(tenant));
    },
    DELETE: async (request, reply) => {
      await queues.resetTenant(checkTenantName(request.params.id));
      return reply.code(204).send();
    },
  });
}
