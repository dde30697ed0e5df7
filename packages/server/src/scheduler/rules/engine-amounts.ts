import type { EngineCapacity } from '../../engine/engine.ts';
import { NO_LIMITS } from '../../queue/queue.ts';
import type { EngineBook } from './books.ts';
import { fromUnits } from './demand.ts';
import { CUSTOM } from './free-resources.ts';
import { amountsOf, book, createGate } from './limits.ts';
import type { EngineAmounts } from './rule-book.ts';

/** What an engine has in all. */
export function engineCapacity({ cpus, memoryBytes, gpuIds, custom }: EngineCapacity, slots: number): EngineAmounts {
  return { running: slots, cpus, gpus: gpuIds.length, memoryBytes, custom };
}

/** What its running jobs hold of it. */
export function engineUse(engine: EngineBook | undefined): EngineAmounts {
  const counted = createGate(NO_LIMITS);
  const custom = Object.fromEntries(Object.keys(engine?.room?.capacity.custom ?? {}).map((name) => [name, 0]));
  for (const { job } of engine?.holdings.all() ?? []) {
    book(counted, amountsOf(job.demand), 1);
    for (const [key, units] of job.demand.amounts) {
      const name = key.slice(CUSTOM.length);
      if (key.startsWith(CUSTOM) && Object.hasOwn(custom, name)) custom[name] = (custom[name] ?? 0) + units;
    }
  }
  const { running, cpus, gpus, memoryBytes } = counted.used;
  return {
    ...{ running, cpus: fromUnits(cpus), gpus: fromUnits(gpus), memoryBytes: fromUnits(memoryBytes) },
    custom: Object.fromEntries(Object.entries(custom).map(([name, units]) => [name, fromUnits(units)])),
  };
}
