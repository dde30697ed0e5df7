import type { SchedulerOptions } from './options.ts';
import { machineCapacity } from './rules/machine-amounts.ts';
import type { MachineAmounts, RuleBook } from './rules/rule-book.ts';

/** A node that drivers run on. */
export interface NodeState {
  id: string;
  /** By which others reach it. */
  address: string;
  /** Name of the engine that runs drivers there. */
  engine: string;
  capacity: MachineAmounts;
  /** Held by the jobs that run there. */
  inUse: MachineAmounts;
  /** Why it can start no driver at this moment, as a sentence; null where it can. */
  trouble: string | null;
}

/** The nodes, and how much work there is for them, at one moment. */
export interface ClusterState {
  /** Jobs that have all they need but their turn; of an array, each element that has not become a job yet. */
  waiting: number;
  /** Jobs that hold resources, from the decision to start them to the end of their last process. */
  running: number;
  nodes: NodeState[];
}

/** The cluster of one server: the node that it runs on. */
export function describeCluster(
  { node, engine, maxRunning }: Pick<SchedulerOptions, 'node' | 'engine' | 'maxRunning'>,
  rules: Pick<RuleBook, 'load' | 'machineUse'>,
): ClusterState {
  const capacity = machineCapacity(engine.capacity(), maxRunning);
  const inUse = rules.machineUse();
  const state: NodeState = { ...node, engine: engine.name, capacity, inUse, trouble: engine.trouble() };
  return { ...rules.load(), nodes: [state] };
}
