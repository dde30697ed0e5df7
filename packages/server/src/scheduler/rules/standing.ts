import { type Demand, toUnits, WHOLE_GPU } from './demand.ts';
import type { EngineRoom } from './rule-book.ts';

/** What a tenant holds, and has held. */
export interface Standing {
  /** Units that its running jobs hold, by engine and resource; slots and devices too. */
  held: Map<string, number>;
  /** The largest fraction that it holds of any one thing. */
  dominantShare: number;
  /** Follows the dominant share with the half-life, as of `atMs` in the time of the books. */
  average: number;
  atMs: number;
}

const SLOTS = 'slots';
const GPUS = 'gpus';

/** What fractions are taken of: units in all, by engine and resource. */
export type Totals = Map<string, number>;

export function totalsOf(engines: ReadonlyMap<string, EngineRoom>): Totals {
  const totals: Totals = new Map();
  for (const [engine, room] of engines) setTotals(totals, engine, room);
  return totals;
}

/** What an engine has in all from now on. */
export function setTotals(totals: Totals, engine: string, { capacity, maxRunning }: EngineRoom): void {
  for (const key of totals.keys()) if (key.startsWith(keyOf(engine, ''))) totals.delete(key);
  const amounts: [string, number][] = [
    ['cpus', toUnits(capacity.cpus)],
    ['memoryBytes', toUnits(capacity.memoryBytes)],
    [GPUS, capacity.gpuIds.length * WHOLE_GPU],
    [SLOTS, maxRunning],
    ...Object.entries(capacity.custom).map(([name, amount]): [string, number] => [`custom:${name}`, toUnits(amount)]),
  ];
  for (const [name, units] of amounts) if (units > 0) totals.set(keyOf(engine, name), units);
}

/** The names of engines have no slash. */
function keyOf(engine: string, name: string): string {
  return `${engine}/${name}`;
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
  advance(standing, { nowMs, halfLifeMs });
  const gpuUnits = demand.wholeGpus > 0 ? demand.wholeGpus * WHOLE_GPU : demand.gpuShare;
  const { held } = standing;
  for (const [name, units] of [[SLOTS, 1], [GPUS, gpuUnits], ...demand.amounts] as const) {
    const key = keyOf(demand.engine, name);
    held.set(key, (held.get(key) ?? 0) + sign * units);
  }
  weighDominantShare(standing, totals);
}

/** Brings the average to this moment, before the share changes. */
export function advance(standing: Standing, { nowMs, halfLifeMs }: { nowMs: number; halfLifeMs: number }): void {
  standing.average = averageAt(standing, nowMs, halfLifeMs);
  standing.atMs = nowMs;
}

/** To be called once the average is as of now: the share has changed, or what it is taken of. */
export function weighDominantShare(standing: Standing, totals: Totals): void {
  const { held } = standing;
  standing.dominantShare = 0;
  for (const [name, units] of held) {
    const total = totals.get(name);
    if (total !== undefined) standing.dominantShare = Math.max(standing.dominantShare, units / total);
  }
}
