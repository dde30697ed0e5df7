import { NO_LIMITS, newQueue, type Queue } from '../../queue/queue.ts';
import { newTenant, type Tenant } from '../../queue/tenant.ts';
import { type BookClock, createBookClock } from './book-clock.ts';
import type { Demand } from './demand.ts';
import { type FreeResources, freeAtFirst } from './free-resources.ts';
import { createHoldings, type Holdings } from './holdings.ts';
import type { Lane } from './lane.ts';
import { type Amounts, createGate, type Gate } from './limits.ts';
import type { QueuedJob } from './queued-job.ts';
import type { RuleBookOptions } from './rule-book.ts';
import { newStanding, type Standing, type Totals, totalsOf } from './standing.ts';

/** Jobs of one queue that ask for the same. */
export interface WaitingShape {
  readonly demand: Demand;
  /** What each takes of limits. */
  readonly amounts: Amounts;
  /** Whether the idle machine has as much. */
  readonly fitsMachine: boolean;
  jobs: number;
  /** Of these, the ones with a bound. */
  bounded: number;
}

/** One queue: its rules, what its running jobs hold, and who waits in it. */
export interface QueueBook {
  rules: Queue;
  gate: Gate;
  /** Tenants with waiting jobs only. */
  lanes: Map<string, Lane>;
  shapes: Map<string, WaitingShape>;
  waiting: number;
}

/** One tenant over all queues. */
export interface TenantBook {
  rules: Tenant;
  gate: Gate;
  standing: Standing;
  waiting: number;
}

/** Everything that the rules go by. */
export interface Books {
  readonly options: RuleBookOptions;
  readonly totals: Totals;
  readonly clock: BookClock;
  readonly queues: Map<string, QueueBook>;
  readonly tenants: Map<string, TenantBook>;
  /** Arrays that limit how many of their elements run. */
  readonly arrays: Map<string, Gate>;
  readonly waiting: Map<string, QueuedJob>;
  readonly holdings: Holdings;
  /** The idle machine. */
  readonly machine: FreeResources;
  /** What of the machine nobody holds. */
  free: FreeResources;
  /** Jobs that wait and have a bound: without any, no reservation needs a time. */
  boundedWaiting: number;
}

export function openBooks(options: RuleBookOptions): Books {
  return {
    options,
    totals: totalsOf(options.capacity, options.maxRunning),
    clock: createBookClock(),
    queues: new Map(),
    tenants: new Map(),
    arrays: new Map(),
    waiting: new Map(),
    holdings: createHoldings(),
    machine: freeAtFirst(options.capacity),
    free: freeAtFirst(options.capacity),
    boundedWaiting: 0,
  };
}

/** The books of a queue; one that nobody defined has no limits. */
export function queueBook({ queues }: Books, name: string): QueueBook {
  const known = queues.get(name);
  if (known !== undefined) return known;
  const rules = newQueue(name);
  const book = { rules, gate: createGate(rules.limits), lanes: new Map(), shapes: new Map(), waiting: 0 };
  queues.set(name, book);
  return book;
}

export function tenantBook({ tenants }: Books, name: string): TenantBook {
  const known = tenants.get(name);
  if (known !== undefined) return known;
  const rules = newTenant(name);
  const book = { rules, gate: createGate(rules.quota), standing: newStanding(), waiting: 0 };
  tenants.set(name, book);
  return book;
}

/** The limit of the array that a job is, or is an element of; null where there is none. */
export function arrayGate({ arrays }: Books, { arrayLimit }: QueuedJob): Gate | null {
  if (arrayLimit === undefined) return null;
  const known = arrays.get(arrayLimit.arrayId);
  if (known !== undefined) return known;
  const gate = createGate({ ...NO_LIMITS, running: arrayLimit.maxRunning });
  arrays.set(arrayLimit.arrayId, gate);
  return gate;
}
