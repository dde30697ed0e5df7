import type { EngineCapacity } from '../../engine/engine.ts';
import type { Books } from './books.ts';
import { fromUnits, toUnits, WHOLE_GPU } from './demand.ts';
import { CUSTOM } from './free-resources.ts';
import type { MachineAmounts } from './rule-book.ts';

/** What there is in all. */
export function machineCapacity({ cpus, memoryBytes, gpuIds, custom }: EngineCapacity, slots: number): MachineAmounts {
  return { running: slots, cpus, gpus: gpuIds.length, memoryBytes, custom };
}

/** What running jobs hold of it: all there is less what is free. */
export function machineUse({ options: { capacity }, free, holdings }: Books): MachineAmounts {
  const held = (name: string, total: number) => fromUnits(toUnits(total) - (free.amounts[name] ?? 0));
  const gpuUnits = [...free.gpus.values()].reduce((sum, units) => sum + WHOLE_GPU - units, 0);
  return {
    running: holdings.size,
    cpus: held('cpus', capacity.cpus),
    gpus: fromUnits(gpuUnits),
    memoryBytes: held('memoryBytes', capacity.memoryBytes),
    custom: Object.fromEntries(
      Object.entries(capacity.custom).map(([name, total]) => [name, held(CUSTOM + name, total)]),
    ),
  };
}
