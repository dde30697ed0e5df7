/** Amounts of a node, field for field as they are on the wire. */
export interface NodeAmounts {
  /** Drivers at once. */
  running: number;
  /** Cores. */
  cpus: number;
  /** Devices, parts of one as fractions. */
  gpus: number;
  memory_bytes: number;
  custom: Record<string, number>;
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
  /** What running jobs were given. */
  in_use: NodeAmounts;
}

export interface Cluster {
  /** Jobs that have all they need but their turn. */
  waiting: number;
  /** Jobs that hold resources. */
  running: number;
  nodes: ClusterNode[];
}
