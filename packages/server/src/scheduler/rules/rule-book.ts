import type { EngineCapacity } from '../../engine/engine.ts';
import type { PendingReason } from '../../job/pending-reason.ts';
import type { Queue } from '../../queue/queue.ts';
import type { Tenant } from '../../queue/tenant.ts';
import type { QueuedJob } from './queued-job.ts';

/** Something that the rules have to know. Everything they go by comes in as one of these. */
export type RuleEvent =
  /** The job has all it needs but its turn. */
  | { type: 'waiting'; job: QueuedJob }
  /** It waits no longer, and did not start. */
  | { type: 'left'; jobId: string }
  /** It runs already: a server before this one started it. Booked whether it fits or not. */
  | { type: 'adopted'; job: QueuedJob; gpus: readonly string[]; atMs: number; startedAtMs: number }
  /** The driver of a job that was given its resources has begun: its bound counts from here. */
  | { type: 'started'; jobId: string; startedAtMs: number }
  /** Nothing of the job runs any more, and what it held is free. */
  | { type: 'released'; jobId: string; atMs: number }
  | { type: 'queue_set'; queue: Queue }
  | { type: 'queue_removed'; name: string }
  | { type: 'tenant_set'; tenant: Tenant }
  | { type: 'tenant_removed'; name: string }
  /** What an engine has is another now. Only for one that is not rationed. */
  | { type: 'engine_changed'; name: string; capacity: EngineCapacity; atMs: number }
  /** What a server before this one knew of a tenant's past. */
  | { type: 'average_known'; tenant: string; average: number; atMs: number };

/** A job that may start now, and the devices that are its own. */
export interface Admission {
  job: QueuedJob;
  gpus: readonly string[];
  /** It takes what an older job has reserved, since it ends in time. */
  isBackfill: boolean;
}

/** What there is of an engine to be given to jobs. */
export interface EngineRoom {
  capacity: EngineCapacity;
  /** Slots: how many drivers it has at once. */
  maxRunning: number;
  /** Whether jobs are given of what is free; else it has a queue of its own, and only slots count. */
  isRationed: boolean;
}

export interface RuleBookOptions {
  /** By name. */
  engines: ReadonlyMap<string, EngineRoom>;
  /** After this time what a tenant has used counts half. */
  halfLifeMs: number;
}

/** What stands in the way of one queue's jobs, and how many there are. */
export interface QueueUse {
  waiting: number;
  running: number;
  /** Held by its running jobs, in the resources' own units. */
  cpus: number;
  gpus: number;
  memoryBytes: number;
}

/** The same of one tenant over all queues, and how it stands. */
export interface TenantUse extends QueueUse {
  /** What its share has been of late, see `docs/scheduling-rules.md`. */
  average: number;
  dominantShare: number;
}

/** What an engine has in all, or what of it running jobs hold, in the resources' own units. */
export interface EngineAmounts {
  /** Drivers at once. */
  running: number;
  /** Cores. */
  cpus: number;
  /** Devices, parts of one as fractions. */
  gpus: number;
  memoryBytes: number;
  /** Every resource that the engine has. */
  custom: Readonly<Record<string, number>>;
}

/**
 * The rules of the queue (`docs/scheduling-rules.md`) over indexed state. Deterministic: it reads no clock and does nothing
 * but keep its books, so that the same events give the same decisions.
 */
export interface RuleBook {
  apply(event: RuleEvent): void;
  /**
   * One round, to be followed by another where it has started something: takes the jobs that may start now out of the waiting, and books what they were given. Costs nothing where nothing has
   * happened since the last one that could let a job start.
   */
  decide(nowMs: number): Admission[];
  /** Why a waiting job has not had its turn; null where it does not wait. */
  reasonToWait(jobId: string): PendingReason | null;
  queueUse(name: string): QueueUse;
  /** Of all queues together. */
  load(): Pick<QueueUse, 'waiting' | 'running'>;
  /** What running jobs hold of an engine. More than its capacity where one was adopted that no longer fits. */
  engineUse(engine: string): EngineAmounts;
  /** Of one engine, whether the server has it or not. */
  engineLoad(engine: string): Pick<QueueUse, 'waiting' | 'running'>;
  /** Names of engines that jobs wait for or hold, and that the server has not. */
  missingEngines(): string[];
  /** Id of the job that what an engine has free is kept for; null where it is for none. */
  pledgedAt(engine: string): string | null;
  tenantUse(name: string, nowMs: number): TenantUse;
  /** Tenants with jobs that wait or run, or whose past still counts. */
  activeTenants(nowMs: number): string[];
  /** Of all tenants that have used anything, as of this moment. */
  averages(nowMs: number): { tenant: string; average: number }[];
  readonly waitingCount: number;
  readonly runningCount: number;
}
