import { type Demand, WHOLE_GPU } from '../../../../src/scheduler/rules/demand.ts';
import type { QueuedJob } from '../../../../src/scheduler/rules/queued-job.ts';
import { totalsOf } from './share.ts';
import { type RunningJob, runningOn, type Snapshot } from './snapshot.ts';

/** Units of resources by name, and of devices by id in the machine's order. */
export interface Pool {
  amounts: Map<string, number>;
  devices: Map<string, number>;
}

/** What is free of an engine that is rationed. Less than nothing where adopted jobs hold more than there is. */
export function freeOf(snapshot: Snapshot, engine: string): Pool {
  const free = wholeEngine(snapshot, engine);
  for (const holder of runningOn(snapshot, engine)) change(free, holdingOf(holder), -1);
  return free;
}

/** What a job needs of what its engine has free: nothing where that has a queue of its own. */
export function rationOf({ engines }: Snapshot, { demand }: QueuedJob): Demand {
  const isRationed = engines.get(demand.engine)?.isRationed ?? true;
  return isRationed ? demand : { ...demand, amounts: [], wholeGpus: 0, gpuShare: 0 };
}

/** What a running job holds. */
export function holdingOf({ job, gpus }: Pick<RunningJob, 'job' | 'gpus'>): Pool {
  const unitsOfEach = job.demand.wholeGpus > 0 ? WHOLE_GPU : job.demand.gpuShare;
  return { amounts: new Map(job.demand.amounts), devices: new Map(gpus.map((id) => [id, unitsOfEach])) };
}

/** Adds to the pool, or takes out of it. A device that the machine has not (any more) has nothing to give. */
export function change(pool: Pool, by: Pool, sign: 1 | -1): void {
  for (const [name, units] of by.amounts) pool.amounts.set(name, (pool.amounts.get(name) ?? 0) + sign * units);
  for (const [id, units] of by.devices) {
    const before = pool.devices.get(id);
    if (before !== undefined) pool.devices.set(id, before + sign * units);
  }
}

/** The devices that a job would be given of what is left; null where it does not fit. */
export function devicesFor(left: Pool, demand: Demand): string[] | null {
  if (demand.amounts.some(([name, units]) => units > (left.amounts.get(name) ?? 0))) return null;
  const devices = [...left.devices];
  if (demand.wholeGpus > 0) {
    const whole = devices.filter(([, units]) => units >= WHOLE_GPU).map(([id]) => id);
    return whole.length < demand.wholeGpus ? null : whole.slice(0, demand.wholeGpus);
  }
  if (demand.gpuShare === 0) return [];
  const roomy = devices.filter(([, units]) => units >= demand.gpuShare);
  const least = Math.min(...roomy.map(([, units]) => units));
  const fullest = roomy.find(([, units]) => units === least);
  return fullest === undefined ? null : [fullest[0]];
}

/** Everything that there is. */
export function wholeEngine({ engines }: Snapshot, engine: string): Pool {
  const capacity = engines.get(engine)?.capacity;
  return {
    amounts: capacity === undefined ? new Map() : totalsOf(capacity),
    devices: new Map(capacity?.gpuIds.map((id) => [id, WHOLE_GPU])),
  };
}

/**
 * What a blocked job could use of what is left: of each amount what there is of it, and devices wholly: those that it will be given, or where
 * that is not known as many as it needs of those that have anything left.
 */
export function usableOf(left: Pool, demand: Demand, given: readonly string[] | null): Pool {
  const amounts = demand.amounts.map(([name, units]): [string, number] => {
    return [name, Math.max(0, Math.min(units, left.amounts.get(name) ?? 0))];
  });
  const wanted = demand.wholeGpus + (demand.gpuShare > 0 ? 1 : 0);
  const withSomeLeft = [...left.devices].filter(([, units]) => units > 0);
  const devices = given === null ? withSomeLeft.slice(0, wanted) : withSomeLeft.filter(([id]) => given.includes(id));
  return { amounts: new Map(amounts), devices: new Map(devices) };
}
