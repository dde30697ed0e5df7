import type { ClusterState, EngineState, NodeState } from '../../scheduler/cluster-state.ts';
import type { EngineAmounts } from '../../scheduler/rules/rule-book.ts';
import type { cluster, engine } from './schemas/cluster.ts';
import type { Sent } from './schemas/sent.ts';

type SentNode = Sent<typeof cluster>['nodes'][number];
export type SentEngine = Sent<typeof engine>;

/** The nodes as the native API shows them. @param version of Drover, which runs on all of them */
export function clusterResource(
  { waiting, running, engines, nodes }: ClusterState,
  version: string,
): Sent<typeof cluster> {
  return {
    waiting,
    running,
    engines: engines.map(engineResource),
    nodes: nodes.map((node) => nodeResource(node, version)),
  };
}

function nodeResource({ id, address, engine, trouble, capacity, inUse }: NodeState, version: string): SentNode {
  return {
    ...{ id, address, engine, version },
    health: healthOf(trouble),
    trouble,
    capacity: amountsResource(capacity),
    in_use: inUse === null ? null : amountsResource(inUse),
  };
}

export function engineResource({
  name,
  hasOwnQueue,
  isAbsent,
  waiting,
  trouble,
  capacity,
  inUse,
}: EngineState): SentEngine {
  return {
    name,
    has_own_queue: hasOwnQueue,
    health: isAbsent ? 'absent' : healthOf(trouble),
    trouble,
    waiting,
    capacity: amountsResource(capacity),
    in_use: amountsResource(inUse),
  };
}

function healthOf(trouble: string | null): 'healthy' | 'unavailable' {
  return trouble === null ? 'healthy' : 'unavailable';
}

function amountsResource<Running extends number | null>(
  amounts: Omit<EngineAmounts, 'running'> & { running: Running },
) {
  const { running, cpus, gpus, memoryBytes, custom } = amounts;
  return { running, cpus, gpus, memory_bytes: memoryBytes, custom };
}
