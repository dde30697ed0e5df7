import type { JsonObject } from '../job/job.ts';

/** Limits on what running jobs hold together; null: none. The amounts are those of a job's resources. */
export interface HoldingLimits {
  /** How many run at once. */
  running: number | null;
  /** Cores. */
  cpus: number | null;
  /** Devices. */
  gpus: number | null;
  memoryBytes: number | null;
}

/**
 * `active`: takes jobs and starts them. `paused`: takes jobs and starts none. `draining`: refuses submits, and starts
 * what waits already.
 */
export type QueueState = 'active' | 'paused' | 'draining';

export const QUEUE_STATES: readonly QueueState[] = ['active', 'paused', 'draining'];

/** What a job of the queue gets that does not say it itself; null: what the server does without. */
export interface JobDefaults {
  maxRetries: number | null;
  /** Longest time that a driver may run. */
  runLimitMs: number | null;
  /** Longest time from submit to first start. */
  queueLimitMs: number | null;
  /** Longest time to prepare an environment. */
  setupLimitMs: number | null;
  /** Time from a job's end to its removal. */
  ttlAfterFinishedMs: number | null;
}

/** A queue as it is stored. Jobs name theirs at submit, and never change it. */
export interface Queue {
  name: string;
  /** Higher ones come first. Default 0. */
  priority: number;
  state: QueueState;
  limits: HoldingLimits;
  defaults: JobDefaults;
  /** What runs the drivers of jobs that name no engine; null: the server's default. */
  engine: string | null;
  /** What such jobs ask of it where they do not say it themselves, by name. */
  engineOptions: JsonObject;
  /** No job of the queue may ask for a longer run, or for none at all; null: no maximum. */
  maxRunLimitMs: number | null;
}

export const NO_LIMITS: HoldingLimits = { running: null, cpus: null, gpus: null, memoryBytes: null };

export const NO_DEFAULTS: JobDefaults = {
  maxRetries: null,
  runLimitMs: null,
  queueLimitMs: null,
  setupLimitMs: null,
  ttlAfterFinishedMs: null,
};

/** Where jobs go that name no queue, unless their tenant has another default. Always there. */
export const DEFAULT_QUEUE = 'default';

/** A queue as it is before anybody has set anything about it. */
export function newQueue(name: string): Queue {
  return {
    ...{ name, priority: 0, state: 'active', limits: NO_LIMITS, defaults: NO_DEFAULTS },
    ...{ engine: null, engineOptions: {}, maxRunLimitMs: null },
  };
}
