import { DEFAULT_QUEUE, type HoldingLimits, NO_LIMITS } from './queue.ts';

/** Rules for one tenant, as they are stored. */
export interface Tenant {
  name: string;
  /** Its part beside those of others: with 2 it may hold twice as much before others come first. Default 1. */
  weight: number;
  /** Over all queues. */
  quota: HoldingLimits;
  /** Where its jobs go that name no queue. */
  defaultQueue: string;
}

/** A tenant as it is before anybody has set anything about it. */
export function newTenant(name: string): Tenant {
  return { name, weight: 1, quota: NO_LIMITS, defaultQueue: DEFAULT_QUEUE };
}
