/** Limits on what running jobs hold together; null: none. */
export interface HoldingLimits {
  /** How many run at once. */
  running: number | null;
  cpus: number | null;
  gpus: number | null;
  memory_bytes: number | null;
}

/** What running jobs hold at this moment, and how many jobs wait for their turn. */
export interface HoldingUse {
  waiting: number;
  running: number;
  cpus: number;
  gpus: number;
  memory_bytes: number;
}

/**
 * `active`: takes jobs and starts them. `paused`: takes jobs and starts none. `draining`: refuses submits, and starts
 * what waits already.
 */
export type QueueState = 'active' | 'paused' | 'draining';

/** A queue, field for field as it is on the wire. */
export interface Queue {
  name: string;
  /** Higher ones come first. */
  priority: number;
  state: QueueState;
  limits: HoldingLimits;
  use: HoldingUse;
}

/** What can be set about a queue. What is absent stays as it is; a limit that is null goes. */
export interface QueueRules {
  /** From -1000 to 1000; 0 for a queue about which nothing was set. */
  priority?: number;
  limits?: Partial<HoldingLimits>;
}
