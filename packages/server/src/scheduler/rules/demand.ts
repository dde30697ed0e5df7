import { LOCAL_ENGINE } from '../../engine/engine.ts';
import { type ResourceRequest, requestedAmounts } from '../../job/resources.ts';

/** Amounts are counted in ten-thousandths, so that ten jobs of 0.1 cores fit one core exactly. */
const UNITS_PER_ONE = 10_000;

/** What a job asks of its engine, in the form that admission counts in. Jobs with the same `shape` are alike to it. */
export interface Demand {
  shape: string;
  /** Name of the engine. */
  engine: string;
  /** CPUs, memory and custom resources, in units. */
  amounts: readonly (readonly [name: string, units: number])[];
  /** Devices of one's own. Requests above one device are rounded up to whole ones. */
  wholeGpus: number;
  /** Part of one device, in units; 0 for none. */
  gpuShare: number;
}

/** Rounds up: what was asked for is never less than what is taken. */
export function toUnits(amount: number): number {
  return Math.ceil(Number((amount * UNITS_PER_ONE).toFixed(4)));
}

export function fromUnits(units: number): number {
  return units / UNITS_PER_ONE;
}

export const WHOLE_GPU = UNITS_PER_ONE;

/** @param engine which it is asked of */
export function demandOf(request: ResourceRequest, engine: string = LOCAL_ENGINE): Demand {
  const amounts = requestedAmounts(request)
    .filter(([name]) => name !== 'gpus')
    .map(([name, amount]) => [name, toUnits(amount)] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1));
  const wholeGpus = request.gpus >= 1 ? Math.ceil(request.gpus) : 0;
  const gpuShare = request.gpus < 1 ? toUnits(request.gpus) : 0;
  return { shape: JSON.stringify([engine, amounts, wholeGpus, gpuShare]), engine, amounts, wholeGpus, gpuShare };
}
