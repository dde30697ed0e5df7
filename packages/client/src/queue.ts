import type { JsonObject } from './job.ts';

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

/** What a job of the queue gets that does not say it itself; null: what the server does without. */
export interface JobDefaults {
  max_retries: number | null;
  /** Longest time that a driver may run. */
  time_limit_seconds: number | null;
  /** Longest time from submit to first start. */
  queue_time_limit_seconds: number | null;
  /** Longest time for the environment to be made ready. */
  setup_time_limit_seconds: number | null;
  /** Time from a job's end to its removal. */
  ttl_seconds_after_finished: number | null;
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
  defaults: JobDefaults;
  /** What runs jobs that name no engine; null: the server's default. */
  engine: string | null;
  /** What they ask of it where they do not say it themselves. */
  engine_options: JsonObject;
  /** No job of the queue may ask for a longer run, or for none at all; null: no maximum. */
  max_time_limit_seconds: number | null;
  use: HoldingUse;
}

/** What can be set about a queue. What is absent stays as it is; what is null goes. */
export interface QueueRules {
  /** From -1000 to 1000; 0 for a queue about which nothing was set. */
  priority?: number;
  limits?: Partial<HoldingLimits>;
  defaults?: Partial<JobDefaults>;
  engine?: string | null;
  /** The whole of it, as it is to be. */
  engine_options?: JsonObject;
  max_time_limit_seconds?: number | null;
}
