import type { Registry } from 'prom-client';
import type { NodeState } from '../scheduler/cluster-state.ts';
import type { MachineAmounts } from '../scheduler/rules/rule-book.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import { addReadGauge, type Sample } from './read-metrics.ts';

/** What is told of every node, twice: how much there is, and how much of it is in use. */
const AMOUNTS = [
  { capacity: 'slots_capacity', inUse: 'slots_in_use', what: 'drivers at once', amountOf: (of) => of.running },
  { capacity: 'cpus_capacity', inUse: 'cpus_in_use', what: 'CPUs', amountOf: (of) => of.cpus },
  { capacity: 'gpus_capacity', inUse: 'gpus_in_use', what: 'GPUs', amountOf: (of) => of.gpus },
  {
    ...{ capacity: 'memory_capacity_bytes', inUse: 'memory_in_use_bytes', what: 'memory' },
    amountOf: (of) => of.memoryBytes,
  },
] satisfies { capacity: string; inUse: string; what: string; amountOf: (of: MachineAmounts) => number }[];

/** Capacity of the nodes, and what of it jobs hold: what they asked for, whatever they really take. */
export function addNodes(registry: Registry, { cluster }: Pick<Scheduler, 'cluster'>): void {
  const gauge = (name: string, help: string, labelNames: string[], samplesOf: (node: NodeState) => Sample[]) =>
    addReadGauge(registry, {
      ...{ name: `drover_node_${name}`, help, labelNames },
      read: () => cluster().nodes.flatMap(samplesOf),
    });

  gauge('up', 'Whether the engine of the node can start drivers', ['node', 'engine'], ({ id, engine, trouble }) => [
    { labels: { node: id, engine }, value: trouble === null ? 1 : 0 },
  ]);
  for (const { capacity, inUse, what, amountOf } of AMOUNTS) {
    gauge(capacity, `What the node offers to jobs: ${what}`, ['node'], (node) => [
      { labels: { node: node.id }, value: amountOf(node.capacity) },
    ]);
    gauge(inUse, `What running jobs were given: ${what}`, ['node'], (node) => [
      { labels: { node: node.id }, value: amountOf(node.inUse) },
    ]);
  }
  const custom = ['node', 'resource'];
  gauge('custom_resources_capacity', 'What the node offers to jobs: custom resources', custom, (node) =>
    customOf(node.id, node.capacity),
  );
  gauge('custom_resources_in_use', 'What running jobs were given: custom resources', custom, (node) =>
    customOf(node.id, node.inUse),
  );
}

function customOf(node: string, { custom }: MachineAmounts): Sample[] {
  return Object.entries(custom).map(([resource, value]) => ({ labels: { node, resource }, value }));
}
