import type { EngineCapacity } from '../../engine/engine.ts';
import { type ResourceRequest, requestedAmounts } from '../../job/resources.ts';
import type { Queue } from '../../queue/queue.ts';
import type { Tenant } from '../../queue/tenant.ts';
import { type Demand, demandOf } from './demand.ts';
import { freeAtFirst, lacking, totalOf } from './free-resources.ts';
import { amountsOf, createGate, lackAt } from './limits.ts';

/** What a request asks for that could never be given. */
export interface Refusal {
  asked: string;
  available: string;
  /** Whose bound it is: "this machine", "queue train", "tenant a". */
  where: string;
}

/** What of a request no state of the machine could give; null where it could. */
export function refusalOf(capacity: EngineCapacity, request: ResourceRequest): Refusal | null {
  const missing = lacking(freeAtFirst(capacity), demandOf(request));
  if (missing === null) return null;
  const given = requestedAmounts(request).find(([name]) => name === missing.name);
  return {
    asked: describeAmount(missing.name, given?.[1] ?? missing.needed),
    available: describeAmount(missing.name, totalOf(capacity, missing.name)),
    where: 'this machine',
  };
}

/** What of a request is beyond the whole limit of its queue, or quota of its tenant; null where nothing is. */
export function refusalByLimits(request: ResourceRequest, queue: Queue, tenant: Tenant): Refusal | null {
  const demand = demandOf(request);
  return (
    refusalAt(demand, tenant.quota, `tenant ${tenant.name}`) ?? refusalAt(demand, queue.limits, `queue ${queue.name}`)
  );
}

function refusalAt(demand: Demand, limits: Queue['limits'], where: string): Refusal | null {
  const missing = lackAt(createGate(limits), amountsOf(demand));
  if (missing === null) return null;
  const { name, needed, limit } = missing;
  if (name === 'running') return { asked: 'a place to run', available: `${limit}`, where };
  return { asked: describeAmount(name, needed), available: describeAmount(name, limit), where };
}

/** An amount of a resource in words: `2 gpus`, `1.5 cpus`, `2048 bytes of memory`, `3 NPU`. */
export function describeAmount(name: string, amount: number): string {
  if (name === 'memoryBytes') return `${amount} bytes of memory`;
  const word = name.startsWith('custom:') ? name.slice('custom:'.length) : name;
  return `${amount} ${word}`;
}
