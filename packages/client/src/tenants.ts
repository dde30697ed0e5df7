import type { CallOptions } from './call-options.ts';
import { namedPath } from './named-path.ts';
import { parseTenant, parseTenants } from './parse-answer.ts';
import type { Tenant, TenantRules } from './tenant.ts';
import type { Transport } from './transport.ts';

/** Tenants. Any name is a tenant's, with nothing set about it; changes resolve when they are on the server's disk. */
export interface TenantCalls {
  /** Those about whom something was set, and those with jobs that wait or run, or whose past still counts. */
  list(options?: CallOptions): Promise<Tenant[]>;

  get(name: string, options?: CallOptions): Promise<Tenant>;

  change(name: string, rules: TenantRules, options?: CallOptions): Promise<Tenant>;

  /** Forgets what was set about it; its jobs stay. */
  reset(name: string, options?: CallOptions): Promise<void>;
}

export function createTenantCalls(transport: Transport): TenantCalls {
  return {
    list: async ({ signal } = {}) => parseTenants(await transport.sendForJson({ path: '/tenants', signal })),

    get: async (name, { signal } = {}) => parseTenant(await transport.sendForJson({ path: tenantPath(name), signal })),

    change: async (name, rules, { signal } = {}) =>
      parseTenant(await transport.sendForJson({ method: 'PATCH', path: tenantPath(name), body: rules, signal })),

    reset: async (name, { signal } = {}) => {
      const response = await transport.send({ method: 'DELETE', path: tenantPath(name), signal });
      await response.body?.cancel();
    },
  };
}

function tenantPath(name: string): string {
  return namedPath('/tenants', name, {
    code: 'NOT_FOUND',
    status: 404,
    title: 'No such route',
    detail: `there is no way to ask for a tenant of the name '${name}'`,
  });
}
