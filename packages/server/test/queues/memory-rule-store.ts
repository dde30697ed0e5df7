import type { Queue } from '../../src/queue/queue.ts';
import type { Tenant } from '../../src/queue/tenant.ts';
import type { RuleStore, TenantAverages } from '../../src/store/rule-store.ts';

/** A rule store that forgets with the test. */
export function memoryRuleStore(): RuleStore {
  const queues = new Map<string, Queue>();
  const tenants = new Map<string, Tenant>();
  let saved: TenantAverages | null = null;
  return {
    queues: async () => [...queues.values()],
    putQueue: async (queue) => void queues.set(queue.name, queue),
    removeQueue: async (name) => queues.delete(name),
    tenants: async () => [...tenants.values()],
    putTenant: async (tenant) => void tenants.set(tenant.name, tenant),
    removeTenant: async (name) => tenants.delete(name),
    averages: async () => saved,
    saveAverages: async (averages) => {
      saved = averages;
    },
  };
}
