/** Amounts of an engine, field for field as they are on the wire. */
export interface Amounts {
  /** Drivers at once. */
  running: number;
  /** Cores. */
  cpus: number;
  /** Devices, parts of one as fractions. */
  gpus: number;
  memory_bytes: number;
  custom: Record<string, number>;
}

/** Amounts of a node; null drivers at once where its engine has a queue of its own. */
export interface NodeAmounts extends Omit<Amounts, 'running'> {
  running: number | null;
}

/** What runs drivers: the machine of the server, or a cluster. */
export interface Engine {
  name: string;
  /** Whether it queues what it is given by rules of its own. */
  has_own_queue: boolean;
  /** `unavailable`: no driver can be started there at this moment. `absent`: jobs name it, and the server is not configured with it. */
  health: 'healthy' | 'unavailable' | 'absent';
  /** Why it is unavailable or absent, as a sentence; null where it is not. */
  trouble: string | null;
  /** Jobs that have all they need but their turn there; of an array, each element that has not become a job yet. */
  waiting: number;
  /** What there is in all, as far as it is known. */
  capacity: Amounts;
  /** What this server's jobs were given. */
  in_use: Amounts;
}

/** A node that drivers run on. */
export interface ClusterNode {
  id: string;
  address: string;
  /** Name of the engine that runs drivers there. */
  engine: string;
  /** Of Drover. */
  version: string;
  /** `unavailable`: no driver can be started there at this moment. */
  health: 'healthy' | 'unavailable';
  /** Why it is unavailable, as a sentence; null where it is not. */
  trouble: string | null;
  capacity: NodeAmounts;
  /** What running jobs were given; null where that is the engine's own to know. */
  in_use: Amounts | null;
}

export interface Cluster {
  /** Jobs that have all they need but their turn. */
  waiting: number;
  /** Jobs that hold resources. */
  running: number;
  engines: Engine[];
  nodes: ClusterNode[];
}
