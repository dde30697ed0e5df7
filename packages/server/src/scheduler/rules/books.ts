import { LOCAL_ENGINE } from '../../engine/engine.ts';
import { NO_LIMITS, newQueue, type Queue } from '../../queue/queue.ts';
import { newTenant, type Tenant } from '../../queue/tenant.ts';
import { type BookClock, createBookClock } from './book-clock.ts';
import type { Demand } from './demand.ts';
import { type FreeResources, fits, freeAtFirst } from './free-resources.ts';
import { createHoldings, type Holdings } from './holdings.ts';
import type { Lane } from './lane.ts';
import { type Amounts, amountsOf, createGate, type Gate } from './limits.ts';
import type { QueuedJob } from './queued-job.ts';
import type { EngineRoom, RuleBookOptions } from './rule-book.ts';
import { newStanding, type Standing, type Totals, totalsOf } from './standing.ts';

/** Jobs of one queue that ask for the same. */
export interface WaitingShape {
  readonly demand: Demand;
  /** What each takes of limits. */
  readonly amounts: Amounts;
  readonly engine: EngineBook;
  /** What of the demand the engine has to have free. */
  readonly ration: Demand;
  /** Whether the idle engine has as much. */
  readonly fitsEngine: boolean;
  jobs: number;
  /** Of these, the ones with a bound. */
  bounded: number;
}

/** One engine: what it has, what of it is free, and who holds the rest. */
export interface EngineBook {
  /** Null where the server has no engine of that name (any more): nothing of it can start. */
  room: EngineRoom | null;
  readonly holdings: Holdings;
  /** All that it has to give while nobody holds anything. Nothing where it is not rationed. */
  readonly idle: FreeResources;
  /** What of it nobody holds. */
  free: FreeResources;
  /** Id of the job that had the first reservation here in the last round that made any: it comes first in its tier. */
  pledged: string | null;
  /** Jobs that wait for their turn there; of an array, each element. */
  waiting: number;
  /** Jobs that wait for it and have a bound: without any, no reservation needs a time. */
  boundedWaiting: number;
}

/** One queue: its rules, what its running jobs hold, and who waits in it. */
export interface QueueBook {
  rules: Queue;
  gate: Gate;
  /** By tenant and engine; of those with waiting jobs only. */
  lanes: Map<string, LaneBook>;
  shapes: Map<string, WaitingShape>;
  waiting: number;
}

/** The waiting jobs of one tenant in one queue that ask the same engine. */
export interface LaneBook {
  readonly tenant: string;
  readonly engine: EngineBook;
  readonly lane: Lane;
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
  readonly engines: Map<string, EngineBook>;
  readonly queues: Map<string, QueueBook>;
  readonly tenants: Map<string, TenantBook>;
  /** Arrays that limit how many of their elements run. */
  readonly arrays: Map<string, Gate>;
  readonly waiting: Map<string, QueuedJob>;
  /** The engine of each job that holds something. */
  readonly running: Map<string, EngineBook>;
}

export function openBooks(options: RuleBookOptions): Books {
  return {
    options,
    totals: totalsOf(options.engines),
    clock: createBookClock(),
    engines: new Map([...options.engines].map(([name, room]) => [name, openEngine(room)])),
    queues: new Map(),
    tenants: new Map(),
    arrays: new Map(),
    waiting: new Map(),
    running: new Map(),
  };
}

function openEngine(room: EngineRoom | null): EngineBook {
  const idle = room?.isRationed ? freeAtFirst(room.capacity) : NOTHING_FREE;
  return { room, idle, free: idle, holdings: createHoldings(), pledged: null, waiting: 0, boundedWaiting: 0 };
}

const NOTHING_FREE: FreeResources = { amounts: {}, gpus: new Map() };

/** The books of an engine; one that the server has not can start nothing. */
export function engineBook({ engines }: Books, name: string): EngineBook {
  const known = engines.get(name);
  if (known !== undefined) return known;
  const book = openEngine(null);
  engines.set(name, book);
  return book;
}

/** Whether all slots of an engine are taken, or it has none. */
export function isEngineFull({ room, holdings }: EngineBook): boolean {
  return room === null || holdings.size >= room.maxRunning;
}

/** What of a demand the engine has to have free. */
export function rationOf({ room }: EngineBook, demand: Demand): Demand {
  return room === null || room.isRationed ? demand : { ...demand, amounts: [], wholeGpus: 0, gpuShare: 0 };
}

/** What waits in a queue and asks for this, for the first time. */
export function newShape(engine: EngineBook, demand: Demand): WaitingShape {
  const ration = rationOf(engine, demand);
  return {
    demand,
    amounts: amountsOf(demand),
    engine,
    ration,
    fitsEngine: fits(engine.idle, ration),
    jobs: 0,
    bounded: 0,
  };
}

/** The lane that a job waits in, if there is one. */
export function laneKey({ tenant, demand }: QueuedJob): string {
  return demand.engine === LOCAL_ENGINE ? tenant : `${demand.engine}/${tenant}`;
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
