import type { EngineCapacity } from '../../engine/engine.ts';
import { type ResourceRequest, requestedAmounts } from '../../job/resources.ts';
import { demandOf } from './demand.ts';
import { freeAtFirst, lacking, totalOf } from './free-resources.ts';

/** What a request asks for that no state of the machine could give; null where it could. */
export interface Refusal {
  asked: string;
  available: string;
}

export function refusalOf(capacity: EngineCapacity, request: ResourceRequest): Refusal | null {
  const missing = lacking(freeAtFirst(capacity), demandOf(request));
  if (missing === null) return null;
  const given = requestedAmounts(request).find(([name]) => name === missing.name);
  return {
    asked: describeAmount(missing.name, given?.[1] ?? missing.needed),
    available: describeAmount(missing.name, totalOf(capacity, missing.name)),
  };
}

/** An amount of a resource in words: `2 gpus`, `1.5 cpus`, `2048 bytes of memory`, `3 NPU`. */
export function describeAmount(name: string, amount: number): string {
  if (name === 'memoryBytes') return `${amount} bytes of memory`;
  const word = name.startsWith('custom:') ? name.slice('custom:'.length) : name;
  return `${amount} ${word}`;
}
