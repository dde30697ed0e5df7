import type { EngineCapacity } from '../../engine/engine.ts';
import { type Demand, toUnits, WHOLE_GPU } from './demand.ts';

/** What a tenant holds, and has held. */
export interface Standing {
  /** Units that its running jobs hold, by resource; slots and devices too. */
  held: Map<string, number>;
  /** The largest fraction that it holds of any one thing. */
  dominantShare: number;
  /** Follows the dominant share with the half-life, as of `atMs` in the time of the books. */
  average: number;
  atMs: number;
}

const SLOTS = 'slots';
const GPUS = 'gpus';

/** What fractions are taken of: units in all, by resource. */
export type Totals = ReadonlyMap<string, number>;

export function totalsOf(capacity: EngineCapacity, maxRunning: number): Totals {
  const totals: [string, number][] = [
    ['cpus', toUnits(capacity.cpus)],
    ['memoryBytes', toUnits(capacity.memoryBytes)],
    [GPUS, capacity.gpuIds.length * WHOLE_GPU],
    [SLOTS, maxRunning],
    ...Object.entries(capacity.custom).map(([name, amount]): [string, number] => [`custom:${name}`, toUnits(amount)]),
  ];
  return new Map(totals.filter(([, units]) => units > 0));
}

export function newStanding(): Standing {
  return { held: new Map(), dominantShare: 0, average: 0, atMs: 0 };
}

/** The average as it is at a later moment; a clock that went back counts as no time. */
export function averageAt({ average, dominantShare, atMs }: Standing, nowMs: number, halfLifeMs: number): number {
  const elapsedMs = Math.max(0, nowMs - atMs);
  return dominantShare + (average - dominantShare) * 2 ** (-elapsedMs / halfLifeMs);
}

/** Books what a job takes, or gives back with a sign of -1. */
export function hold(
  standing: Standing,
  demand: Demand,
  sign: 1 | -1,
  { totals, nowMs, halfLifeMs }: { totals: Totals; nowMs: number; halfLifeMs: number },
): void {
  standing.average = averageAt(standing, nowMs, halfLifeMs);
  standing.atMs = nowMs;
  const gpuUnits = demand.wholeGpus > 0 ? demand.wholeGpus * WHOLE_GPU : demand.gpuShare;
  const { held } = standing;
  for (const [name, units] of [[SLOTS, 1], [GPUS, gpuUnits], ...demand.amounts] as const) {
    held.set(name, (held.get(name) ?? 0) + sign * units);
  }
  standing.dominantShare = 0;
  for (const [name, units] of held) {
    const total = totals.get(name);
    if (total !== undefined) standing.dominantShare = Math.max(standing.dominantShare, units / total);
  }
}
