import type { Registry } from 'prom-client';
import type { NodeCapacity } from '../scheduler/cluster-state.ts';
import { addReadGauge, type Sample } from './read-metrics.ts';

/** Something that has resources: a node, or an engine. Null amounts are not told. */
export interface Holder {
  /** Its name, by the label that it goes under. */
  labels: Readonly<Record<string, string>>;
  capacity: NodeCapacity;
  inUse: NodeCapacity | null;
}

/** What is told of every holder, twice: how much there is, and how much of it is in use. */
const AMOUNTS = [
  { capacity: 'slots_capacity', inUse: 'slots_in_use', what: 'drivers at once', amountOf: (of) => of.running },
  { capacity: 'cpus_capacity', inUse: 'cpus_in_use', what: 'CPUs', amountOf: (of) => of.cpus },
  { capacity: 'gpus_capacity', inUse: 'gpus_in_use', what: 'GPUs', amountOf: (of) => of.gpus },
  {
    ...{ capacity: 'memory_capacity_bytes', inUse: 'memory_in_use_bytes', what: 'memory' },
    amountOf: (of) => of.memoryBytes,
  },
] satisfies { capacity: string; inUse: string; what: string; amountOf: (of: NodeCapacity) => number | null }[];

/** Gauges `drover_KIND_…` of what holders of a kind have in all, and of what jobs were given of it. */
export function addAmounts(registry: Registry, kind: 'node' | 'engine', holders: () => readonly Holder[]): void {
  const gauge = (name: string, help: string, labelNames: string[], samplesOf: (holder: Holder) => Sample[]) =>
    addReadGauge(registry, {
      ...{ name: `drover_${kind}_${name}`, help, labelNames },
      read: () => holders().flatMap(samplesOf),
    });

  for (const { capacity, inUse, what, amountOf } of AMOUNTS) {
    const samplesOf = ({ labels }: Holder, amounts: NodeCapacity | null): Sample[] => {
      const value = amounts === null ? null : amountOf(amounts);
      return value === null ? [] : [{ labels, value }];
    };
    gauge(capacity, `What the ${kind} offers to jobs: ${what}`, [kind], (holder) => samplesOf(holder, holder.capacity));
    gauge(inUse, `What running jobs were given: ${what}`, [kind], (holder) => samplesOf(holder, holder.inUse));
  }
  const custom = [kind, 'resource'];
  gauge('custom_resources_capacity', `What the ${kind} offers to jobs: custom resources`, custom, (holder) =>
    customOf(holder, holder.capacity),
  );
  gauge('custom_resources_in_use', 'What running jobs were given: custom resources', custom, (holder) =>
    customOf(holder, holder.inUse),
  );
}

function customOf({ labels }: Holder, amounts: NodeCapacity | null): Sample[] {
  return Object.entries(amounts?.custom ?? {}).map(([resource, value]) => ({ labels: { ...labels, resource }, value }));
}
