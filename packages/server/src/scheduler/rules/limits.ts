import type { HoldingLimits } from '../../queue/queue.ts';
import { type Demand, fromUnits, toUnits, WHOLE_GPU } from './demand.ts';

/** What limits count: jobs as they are, everything else in units. */
export interface Amounts {
  running: number;
  cpus: number;
  gpus: number;
  memoryBytes: number;
}

const KINDS = ['running', 'cpus', 'gpus', 'memoryBytes'] as const satisfies readonly (keyof Amounts)[];

/** What one queue or tenant may hold together, and what its running jobs hold. */
export interface Gate {
  limit: Amounts;
  /** Whether there is a limit at all: most queues and tenants have none. */
  isLimited: boolean;
  readonly used: Amounts;
}

/** What a job lacks at a gate, in the resource's own unit. */
export interface GateLack {
  name: keyof Amounts;
  needed: number;
  limit: number;
  used: number;
}

export function createGate(limits: HoldingLimits): Gate {
  const gate = { limit: noAmounts(), isLimited: false, used: noAmounts() };
  setLimits(gate, limits);
  return gate;
}

export function setLimits(gate: Gate, limits: HoldingLimits): void {
  gate.limit = limitAmounts(limits);
  gate.isLimited = KINDS.some((kind) => gate.limit[kind] !== Number.POSITIVE_INFINITY);
}

/** Whether as many jobs run as may, so that nothing can pass. */
export function isFull({ limit, used }: Gate): boolean {
  return used.running >= limit.running;
}

export function noAmounts(): Amounts {
  return { running: 0, cpus: 0, gpus: 0, memoryBytes: 0 };
}

/** Limits in units; infinite where there is none. */
function limitAmounts({ running, cpus, gpus, memoryBytes }: HoldingLimits): Amounts {
  const units = (amount: number | null) => (amount === null ? Number.POSITIVE_INFINITY : toUnits(amount));
  return {
    running: running ?? Number.POSITIVE_INFINITY,
    cpus: units(cpus),
    gpus: units(gpus),
    memoryBytes: units(memoryBytes),
  };
}

/** What one job takes of the limits. */
export function amountsOf(demand: Demand): Amounts {
  const amounts = noAmounts();
  amounts.running = 1;
  amounts.gpus = demand.wholeGpus > 0 ? demand.wholeGpus * WHOLE_GPU : demand.gpuShare;
  for (const [name, units] of demand.amounts) {
    if (name === 'cpus' || name === 'memoryBytes') amounts[name] = units;
  }
  return amounts;
}

/** Adds to what a gate holds, or takes away with a sign of -1. */
export function book({ used }: Gate, amounts: Amounts, sign: 1 | -1): void {
  for (const kind of KINDS) used[kind] += sign * amounts[kind];
}

/** What of a demand does not pass the gate, where some of its room was set aside; null where all of it does. */
export function lackAt({ limit, used }: Gate, needed: Amounts, aside: Amounts = NOTHING): GateLack | null {
  for (const kind of KINDS) {
    if (needed[kind] === 0 || used[kind] + aside[kind] + needed[kind] <= limit[kind]) continue;
    return { name: kind, needed: own(kind, needed), limit: own(kind, limit), used: own(kind, used) };
  }
  return null;
}

/** Whether the demand is more than the gate lets pass at any time. */
export function isBeyond({ limit }: Gate, needed: Amounts): boolean {
  return KINDS.some((kind) => needed[kind] > limit[kind]);
}

/** Sets aside of the gate's room what the demand could use of it. */
export function setAsideAt({ limit, used }: Gate, needed: Amounts, aside: Amounts): void {
  for (const kind of KINDS) {
    aside[kind] += Math.min(needed[kind], Math.max(0, limit[kind] - used[kind] - aside[kind]));
  }
}

const NOTHING: Amounts = noAmounts();

function own(kind: keyof Amounts, amounts: Amounts): number {
  return kind === 'running' ? amounts[kind] : fromUnits(amounts[kind]);
}
