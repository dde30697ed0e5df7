/** Everything that runs for an attempt: the driver, and what it started. The supervisor is no part of it. */
export interface ProcessTree {
  /** Sends SIGTERM to all of it. */
  terminate(): Promise<void>;
  /** Sends SIGKILL to all of it; a tree that forks meanwhile needs several. */
  kill(): Promise<void>;
  /** Whether nothing of it runs any more; frees what the tree was held by (its cgroups) if so. */
  isEmpty(): boolean | Promise<boolean>;
}
