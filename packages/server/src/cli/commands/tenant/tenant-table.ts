import type { CommandEntry } from '../../lazy-commands.ts';

/** What stands behind `drover tenant`, in the order of its overview. */
export const TENANT_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'list',
    summary: 'list tenants with rules or jobs, and what they hold',
    load: async () => (await import('./list.ts')).defineTenantList,
  },
  {
    name: 'show',
    summary: 'show one tenant',
    load: async () => (await import('./show.ts')).defineTenantShow,
  },
  {
    name: 'set',
    summary: 'change the weight, the quota and the default queue of a tenant',
    load: async () => (await import('./set.ts')).defineTenantSet,
  },
  {
    name: 'reset',
    summary: 'forget what was set about tenants; their jobs stay',
    load: async () => (await import('./reset.ts')).defineTenantReset,
  },
];
