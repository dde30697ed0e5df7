import type { ClusterState, NodeState } from '../../scheduler/cluster-state.ts';
import type { MachineAmounts } from '../../scheduler/rules/rule-book.ts';
import type { cluster } from './schemas/cluster.ts';
import type { Sent } from './schemas/sent.ts';

type SentNode = Sent<typeof cluster>['nodes'][number];

/** The nodes as the native API shows them. @param version of Drover, which runs on all of them */
export function clusterResource({ waiting, running, nodes }: ClusterState, version: string): Sent<typeof cluster> {
  return { waiting, running, nodes: nodes.map((node) => nodeResource(node, version)) };
}

function nodeResource({ id, address, engine, trouble, capacity, inUse }: NodeState, version: string): SentNode {
  return {
    ...{ id, address, engine, version },
    health: trouble === null ? 'healthy' : 'unavailable',
    trouble,
    capacity: amountsResource(capacity),
    in_use: amountsResource(inUse),
  };
}

function amountsResource({ running, cpus, gpus, memoryBytes, custom }: MachineAmounts): SentNode['in_use'] {
  return { running, cpus, gpus, memory_bytes: memoryBytes, custom };
}
