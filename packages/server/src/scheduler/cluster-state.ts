import { type EngineNode, LOCAL_ENGINE } from '../engine/engine.ts';
import type { SchedulerOptions } from './options.ts';
import { engineCapacity } from './rules/engine-amounts.ts';
import type { EngineAmounts, RuleBook } from './rules/rule-book.ts';

/** What a node has; null drivers at once where its engine says how many. */
export type NodeCapacity = Omit<EngineAmounts, 'running'> & { running: number | null };

/** A node that drivers run on. */
export interface NodeState {
  id: string;
  /** By which others reach it. */
  address: string;
  /** Name of the engine that runs drivers there. */
  engine: string;
  capacity: NodeCapacity;
  /** Held by the jobs that run there; null where that is the engine's own to know. */
  inUse: EngineAmounts | null;
  /** Why it can start no driver at this moment, as a sentence; null where it can. */
  trouble: string | null;
}

/** An engine as a whole. */
export interface EngineState {
  name: string;
  /** Whether it queues what it is given by rules of its own. */
  hasOwnQueue: boolean;
  capacity: EngineAmounts;
  /** Held by this server's jobs. */
  inUse: EngineAmounts;
  trouble: string | null;
}

/** The nodes, and how much work there is for them, at one moment. */
export interface ClusterState {
  /** Jobs that have all they need but their turn; of an array, each element that has not become a job yet. */
  waiting: number;
  /** Jobs that hold resources, from the decision to start them to the end of their last process. */
  running: number;
  /** The local one first, the others by name. */
  engines: EngineState[];
  nodes: NodeState[];
}

export function describeCluster(
  { node, engines }: Pick<SchedulerOptions, 'node' | 'engines'>,
  rules: Pick<RuleBook, 'load' | 'engineUse'>,
): ClusterState {
  const served = [...engines].map(([name, { engine, maxRunning }]) => {
    const state: EngineState = {
      name,
      hasOwnQueue: engine.hasOwnQueue,
      capacity: engineCapacity(engine.capacity(), maxRunning),
      inUse: rules.engineUse(name),
      trouble: engine.trouble(),
    };
    return { engine, state };
  });
  return {
    ...rules.load(),
    engines: served.map(({ state }) => state),
    nodes: served.flatMap(({ engine, state }) => {
      const { capacity, inUse, trouble } = state;
      if (engine.name === LOCAL_ENGINE) return [{ ...node, engine: engine.name, capacity, inUse, trouble }];
      return engine.nodes().map((known) => nodeState(engine.name, known));
    }),
  };
}

function nodeState(engine: string, { name, address, trouble, ...amounts }: EngineNode): NodeState {
  const { cpus, gpus, memoryBytes, custom } = amounts;
  // How many drivers a node of a cluster has at once is the cluster's to say.
  return {
    id: name,
    address,
    engine,
    trouble,
    capacity: { running: null, cpus, gpus, memoryBytes, custom },
    inUse: null,
  };
}
