import type { DatabaseSync } from 'node:sqlite';
import { newQueue } from '../../queue/queue.ts';
import { newTenant } from '../../queue/tenant.ts';
import type { RuleStore } from '../rule-store.ts';
import { prepareAverages, prepareNamedRules } from './rule-tables.ts';

/** How a store reads, and how it writes within a commit. */
export interface StoreAccess {
  read<Answer>(run: () => Answer): Promise<Answer>;
  write<Answer>(run: () => Answer): Promise<Answer>;
}

export function prepareRuleStore(db: DatabaseSync, { read, write }: StoreAccess): RuleStore {
  const queues = prepareNamedRules(db, 'queues', newQueue);
  const tenants = prepareNamedRules(db, 'tenants', newTenant);
  const averages = prepareAverages(db);
  return {
    queues: () => read(queues.all),
    putQueue: (queue) => write(() => queues.put(queue)),
    removeQueue: (name) => write(() => queues.remove(name)),
    tenants: () => read(tenants.all),
    putTenant: (tenant) => write(() => tenants.put(tenant)),
    removeTenant: (name) => write(() => tenants.remove(name)),
    averages: () => read(averages.read),
    saveAverages: (given) => write(() => averages.save(given)),
  };
}
