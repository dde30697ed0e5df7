import type { StopSignal } from '../../../job/job.ts';

/** Everything that runs for an attempt: the driver, and what it started. The supervisor is no part of it. */
export interface ProcessTree {
  /** Asks all of it to end, and lets run what is stopped or frozen. */
  terminate(signal: StopSignal): Promise<void>;
  /** Sends SIGKILL to all of it; a tree that forks meanwhile needs several. */
  kill(): Promise<void>;
  /** Whether nothing of it runs any more; frees what the tree was held by (its cgroups) if so. */
  isEmpty(): boolean | Promise<boolean>;
}
