import type { Queue } from '../queue/queue.ts';
import type { Tenant } from '../queue/tenant.ts';

/** How much of the machine tenants have held of late, see `docs/scheduling-rules.md`. */
export interface TenantAverages {
  averages: readonly { tenant: string; average: number }[];
  /** When they were as they say. */
  atMs: number;
}

/** What operators have set about queues and tenants, and what tenants have used. Writes resolve when they are on disk. */
export interface RuleStore {
  queues(): Promise<Queue[]>;
  /** Stores a queue over the one of its name. */
  putQueue(queue: Queue): Promise<void>;
  /** Whether there was one. */
  removeQueue(name: string): Promise<boolean>;

  tenants(): Promise<Tenant[]>;
  putTenant(tenant: Tenant): Promise<void>;
  removeTenant(name: string): Promise<boolean>;

  /** Null where none were saved. */
  averages(): Promise<TenantAverages | null>;
  /** Replaces all that were saved before. */
  saveAverages(averages: TenantAverages): Promise<void>;
}
