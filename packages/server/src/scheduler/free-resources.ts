import type { EngineCapacity } from '../engine/engine.ts';
import { type Demand, fromUnits, toUnits, WHOLE_GPU } from './demand.ts';

/** Custom resources share one namespace with CPUs and memory; the prefix keeps them apart. */
const CUSTOM = 'custom:';

/** What is not taken, as plain data: every function here answers a new value and changes none. */
export interface FreeResources {
  /** Units by resource name. A forced take can make them negative. */
  amounts: Readonly<Record<string, number>>;
  /** Units by device, in the order of the devices. */
  gpus: Readonly<Record<string, number>>;
}

export function freeAtFirst(capacity: EngineCapacity): FreeResources {
  const amounts: Record<string, number> = {
    cpus: toUnits(capacity.cpus),
    memoryBytes: toUnits(capacity.memoryBytes),
  };
  for (const [name, amount] of Object.entries(capacity.custom)) amounts[CUSTOM + name] = toUnits(amount);
  return { amounts, gpus: Object.fromEntries(capacity.gpuIds.map((id) => [id, WHOLE_GPU])) };
}

/** What the machine has of a resource in all, in the resource's own unit. */
export function totalOf(capacity: EngineCapacity, name: string): number {
  if (name === 'cpus') return capacity.cpus;
  if (name === 'memoryBytes') return capacity.memoryBytes;
  if (name === 'gpus') return capacity.gpuIds.length;
  const custom = name.slice(CUSTOM.length);
  return Object.hasOwn(capacity.custom, custom) ? (capacity.custom[custom] ?? 0) : 0;
}

export function fits(free: FreeResources, demand: Demand): boolean {
  return lacking(free, demand) === null;
}

/** What of the demand is not free now, in the resource's own unit; null where all of it is. */
export function lacking(free: FreeResources, demand: Demand): { name: string; needed: number; free: number } | null {
  for (const [name, units] of demand.amounts) {
    const left = free.amounts[name] ?? 0;
    if (units > left) return { name, needed: fromUnits(units), free: Math.max(0, fromUnits(left)) };
  }
  if (chooseGpus(free, demand) !== null) return null;
  const devices = Object.values(free.gpus);
  return demand.wholeGpus > 0
    ? { name: 'gpus', needed: demand.wholeGpus, free: devices.filter((units) => units >= WHOLE_GPU).length }
    : { name: 'gpus', needed: fromUnits(demand.gpuShare), free: fromUnits(Math.max(0, ...devices)) };
}

/**
 * Devices for a demand: free ones in their order, and for a part of a device the fullest one that still has
 * room, so that whole ones stay free. Null where there are too few.
 */
export function chooseGpus(free: FreeResources, demand: Demand): string[] | null {
  const devices = Object.entries(free.gpus);
  if (demand.wholeGpus > 0) {
    const chosen = devices.filter(([, units]) => units >= WHOLE_GPU).slice(0, demand.wholeGpus);
    return chosen.length === demand.wholeGpus ? chosen.map(([id]) => id) : null;
  }
  if (demand.gpuShare === 0) return [];
  const roomy = devices.filter(([, units]) => units >= demand.gpuShare);
  const fullest = roomy.reduce<[string, number] | null>(
    (best, device) => (best === null || device[1] < best[1] ? device : best),
    null,
  );
  return fullest === null ? null : [fullest[0]];
}

/** Takes a demand with the devices chosen for it, whether it fits or not: an adopted driver runs already. */
export function take(free: FreeResources, demand: Demand, gpus: readonly string[]): FreeResources {
  return shift(free, demand, gpus, -1);
}

export function giveBack(free: FreeResources, demand: Demand, gpus: readonly string[]): FreeResources {
  return shift(free, demand, gpus, 1);
}

/**
 * Sets aside what a waiting demand could use of the free resources, so that none of it goes to a younger job.
 */
export function reserve(free: FreeResources, demand: Demand): FreeResources {
  const amounts = { ...free.amounts };
  for (const [name, units] of demand.amounts) amounts[name] = Math.max(0, (amounts[name] ?? 0) - units);
  const gpus = { ...free.gpus };
  let wanted = demand.wholeGpus + (demand.gpuShare > 0 ? 1 : 0);
  for (const id of Object.keys(gpus)) {
    if (wanted === 0) break;
    if ((gpus[id] ?? 0) === 0) continue;
    gpus[id] = 0;
    wanted -= 1;
  }
  return { amounts, gpus };
}

function shift(free: FreeResources, demand: Demand, gpus: readonly string[], sign: 1 | -1): FreeResources {
  let { amounts, gpus: devices } = free;
  if (demand.amounts.length > 0) {
    const changed = { ...amounts };
    for (const [name, units] of demand.amounts) changed[name] = (changed[name] ?? 0) + sign * units;
    amounts = changed;
  }
  if (gpus.length > 0) {
    const units = demand.wholeGpus > 0 ? WHOLE_GPU : demand.gpuShare;
    const changed = { ...devices };
    // A device that is gone since the hand-over has nothing to give.
    for (const id of gpus) if (id in changed) changed[id] = (changed[id] ?? 0) + sign * units;
    devices = changed;
  }
  return { amounts, gpus: devices };
}
