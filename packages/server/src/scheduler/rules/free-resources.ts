import type { EngineCapacity } from '../../engine/engine.ts';
import { type Demand, fromUnits, toUnits, WHOLE_GPU } from './demand.ts';

/** Custom resources share one namespace with CPUs and memory; the prefix keeps them apart. */
export const CUSTOM = 'custom:';

/** What is not taken, as plain data: every function here answers a new value and changes none. */
export interface FreeResources {
  /** Units by resource name. A forced take can make them negative. */
  amounts: Readonly<Record<string, number>>;
  /** Units by device, in the order of the devices: an object would bring ids that are numbers into another. */
  gpus: ReadonlyMap<string, number>;
}

export function freeAtFirst(capacity: EngineCapacity): FreeResources {
  const amounts: Record<string, number> = {
    cpus: toUnits(capacity.cpus),
    memoryBytes: toUnits(capacity.memoryBytes),
  };
  for (const [name, amount] of Object.entries(capacity.custom)) amounts[CUSTOM + name] = toUnits(amount);
  return { amounts, gpus: new Map(capacity.gpuIds.map((id) => [id, WHOLE_GPU])) };
}

/** What the machine has of a resource in all, in the resource's own unit. */
export function totalOf(capacity: EngineCapacity, name: string): number {
  if (name === 'cpus') return capacity.cpus;
  if (name === 'memoryBytes') return capacity.memoryBytes;
  if (name === 'gpus') return capacity.gpuIds.length;
  const custom = name.slice(CUSTOM.length);
  return Object.hasOwn(capacity.custom, custom) ? (capacity.custom[custom] ?? 0) : 0;
}

/** The devices of a demand that fits; null where it does not. */
export function devicesFor(free: FreeResources, demand: Demand): string[] | null {
  return lackingAmount(free, demand) === null ? chooseGpus(free, demand) : null;
}

export function fits(free: FreeResources, demand: Demand): boolean {
  return devicesFor(free, demand) !== null;
}

interface Missing {
  name: string;
  needed: number;
  free: number;
}

function lackingAmount(free: FreeResources, demand: Demand): Missing | null {
  for (const [name, units] of demand.amounts) {
    const left = free.amounts[name] ?? 0;
    if (units > left) return { name, needed: fromUnits(units), free: Math.max(0, fromUnits(left)) };
  }
  return null;
}

/** What of the demand is not free now, in the resource's own unit; null where all of it is. */
export function lacking(free: FreeResources, demand: Demand): Missing | null {
  const amount = lackingAmount(free, demand);
  if (amount !== null) return amount;
  if (chooseGpus(free, demand) !== null) return null;
  const devices = [...free.gpus.values()];
  return demand.wholeGpus > 0
    ? { name: 'gpus', needed: demand.wholeGpus, free: devices.filter((units) => units >= WHOLE_GPU).length }
    : { name: 'gpus', needed: fromUnits(demand.gpuShare), free: fromUnits(Math.max(0, ...devices)) };
}

/**
 * Devices for a demand: free ones in their order, and for a part of a device the fullest one that still has
 * room, so that whole ones stay free. Null where there are too few.
 */
export function chooseGpus({ gpus }: FreeResources, demand: Demand): string[] | null {
  if (demand.wholeGpus > 0) return chooseWhole(gpus, demand.wholeGpus);
  if (demand.gpuShare === 0) return [];
  let fullest: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [id, units] of gpus) {
    if (units < demand.gpuShare || units >= least) continue;
    fullest = id;
    least = units;
  }
  return fullest === null ? null : [fullest];
}

function chooseWhole(gpus: ReadonlyMap<string, number>, count: number): string[] | null {
  const chosen: string[] = [];
  for (const [id, units] of gpus) {
    if (units >= WHOLE_GPU) chosen.push(id);
    if (chosen.length === count) return chosen;
  }
  return null;
}

/** Takes a demand with the devices chosen for it, whether it fits or not: an adopted driver runs already. */
export function take(free: FreeResources, demand: Demand, gpus: readonly string[]): FreeResources {
  return shift(free, demand, gpus, -1);
}

export function giveBack(free: FreeResources, demand: Demand, gpus: readonly string[]): FreeResources {
  return shift(free, demand, gpus, 1);
}

/**
 * What of the free resources a waiting demand could use: of each amount what there is of it, and of devices all that is left of those
 * that it will be given; where that is not known, of as many as it needs. Null where that is nothing.
 */
export function usableBy(free: FreeResources, demand: Demand, given: readonly string[] | null): FreeResources | null {
  const amounts: Record<string, number> = {};
  let isAny = false;
  for (const [name, units] of demand.amounts) {
    const usable = Math.min(units, Math.max(0, free.amounts[name] ?? 0));
    if (usable === 0) continue;
    amounts[name] = usable;
    isAny = true;
  }
  const gpus = usableDevices(free, demand, given);
  return isAny || gpus.size > 0 ? { amounts, gpus } : null;
}

function usableDevices(
  free: FreeResources,
  demand: Demand,
  given: readonly string[] | null,
): ReadonlyMap<string, number> {
  const wanted = demand.wholeGpus + (demand.gpuShare > 0 ? 1 : 0);
  if (wanted === 0) return NO_DEVICES;
  const withSomeLeft = [...free.gpus].filter(([, units]) => units > 0);
  return new Map(given === null ? withSomeLeft.slice(0, wanted) : withSomeLeft.filter(([id]) => given.includes(id)));
}

const NO_DEVICES: ReadonlyMap<string, number> = new Map();

export function add(free: FreeResources, more: FreeResources): FreeResources {
  return combine(free, more, 1);
}

export function subtract(free: FreeResources, less: FreeResources): FreeResources {
  return combine(free, less, -1);
}

function combine(free: FreeResources, other: FreeResources, sign: 1 | -1): FreeResources {
  const amounts = { ...free.amounts };
  for (const [name, units] of Object.entries(other.amounts)) amounts[name] = (amounts[name] ?? 0) + sign * units;
  return { amounts, gpus: shiftDevices(free.gpus, other.gpus, sign) };
}

function shiftDevices(
  devices: ReadonlyMap<string, number>,
  others: ReadonlyMap<string, number>,
  sign: 1 | -1,
): ReadonlyMap<string, number> {
  if (others.size === 0) return devices;
  const shifted = new Map(devices);
  for (const [id, units] of others) {
    const before = shifted.get(id);
    // A device that is gone since the hand-over has nothing to give.
    if (before !== undefined) shifted.set(id, before + sign * units);
  }
  return shifted;
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
    devices = shiftDevices(devices, new Map(gpus.map((id) => [id, units])), sign);
  }
  return { amounts, gpus: devices };
}
