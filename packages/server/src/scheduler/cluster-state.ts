import { absentEngine } from '../engine/absent-engine.ts';
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
  /** Jobs that wait for their turn there; of an array, each element that has not become a job yet. */
  waiting: number;
  /** Whether jobs name it, and the server is not configured with it. */
  isAbsent: boolean;
  trouble: string | null;
}

/** The nodes, and how much work there is for them, at one moment. */
export interface ClusterState {
  /** Jobs that have all they need but their turn; of an array, each element that has not become a job yet. */
  waiting: number;
  /** Jobs that hold resources, from the decision to start them to the end of their last process. */
  running: number;
  /** The local one first, then the others, then by name those that are absent. */
  engines: EngineState[];
  nodes: NodeState[];
}

export function describeCluster(
  { node, engines }: Pick<SchedulerOptions, 'node' | 'engines'>,
  rules: Pick<RuleBook, 'load' | 'engineUse' | 'engineLoad' | 'missingEngines'>,
): ClusterState {
  const served = [...engines].map(([name, { engine, maxRunning }]) => {
    const state: EngineState = {
      name,
      hasOwnQueue: engine.hasOwnQueue,
      capacity: engineCapacity(engine.capacity(), maxRunning),
      inUse: rules.engineUse(name),
      waiting: rules.engineLoad(name).waiting,
      isAbsent: false,
      trouble: engine.trouble(),
    };
    return { engine, state };
  });
  return {
    ...rules.load(),
    engines: [
      ...served.map(({ state }) => state),
      ...rules
        .missingEngines()
        .sort()
        .map((name) => absentState(name, rules)),
    ],
    nodes: served.flatMap(({ engine, state }) => {
      const { capacity, inUse, trouble } = state;
      if (engine.name === LOCAL_ENGINE) return [{ ...node, engine: engine.name, capacity, inUse, trouble }];
      return engine.nodes().map((known) => nodeState(engine.name, known));
    }),
  };
}

function absentState(name: string, rules: Pick<RuleBook, 'engineUse' | 'engineLoad'>): EngineState {
  const { waiting, running } = rules.engineLoad(name);
  const { hasOwnQueue, capacity, trouble } = absentEngine(name);
  return {
    ...{ name, hasOwnQueue, waiting, isAbsent: true },
    capacity: engineCapacity(capacity(), 0),
    inUse: rules.engineUse(name),
    trouble: `${trouble()}; jobs that wait for it: ${waiting}, that were given to it before: ${running}`,
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
