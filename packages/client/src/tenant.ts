import type { HoldingLimits, HoldingUse } from './queue.ts';

/** A tenant, field for field as it is on the wire. */
export interface Tenant {
  name: string;
  /** Its part beside those of others: with 2 it may hold twice as much before others come first. */
  weight: number;
  /** Over all queues. */
  quota: HoldingLimits;
  /** Where its jobs go that name no queue. */
  default_queue: string;
  use: HoldingUse;
  /** The largest part that it holds of any one thing, 0 to 1: at this moment, and of late. */
  share: { now: number; average: number };
}

/** What can be set about a tenant. What is absent stays as it is; a limit that is null goes. */
export interface TenantRules {
  /** From 0.001 to 1,000,000; 1 for a tenant about whom nothing was set. */
  weight?: number;
  quota?: Partial<HoldingLimits>;
  default_queue?: string;
}
