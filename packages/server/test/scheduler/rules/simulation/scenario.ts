import type { EngineCapacity } from '../../../../src/engine/engine.ts';
import type { ResourceRequest } from '../../../../src/job/resources.ts';
import type { Queue } from '../../../../src/queue/queue.ts';
import type { Tenant } from '../../../../src/queue/tenant.ts';
import type { EngineRoom } from '../../../../src/scheduler/rules/rule-book.ts';

/** By name. */
export type Engines = Readonly<Record<string, EngineRoom>>;

/** A job to come. */
export interface SubmittedJob {
  queue: string;
  tenant: string;
  priority: number;
  engine: string;
  request: ResourceRequest;
  boundMs: number | null;
  /** From the hand-over to the start of the driver. */
  startDelayMs: number;
  /** From there to its end; beyond the bound where the job overruns it. */
  durationMs: number;
}

export type Action =
  | { type: 'submit'; job: SubmittedJob }
  /** `pick` means one of those that there are then; nothing happens where there is none. */
  | { type: 'stop_waiting'; pick: number }
  | { type: 'stop_running'; pick: number }
  | { type: 'set_queue'; queue: Queue }
  | { type: 'remove_queue'; name: string }
  | { type: 'set_tenant'; tenant: Tenant }
  | { type: 'remove_tenant'; name: string }
  /** The server's clock is set; back where negative. */
  | { type: 'set_clock'; byMs: number }
  /** The server is gone for a while, and the next one may find other engines. */
  | { type: 'crash'; downMs: number; engines: Engines }
  /** A cluster has other nodes than before. */
  | { type: 'engine_changed'; name: string; capacity: EngineCapacity }
  | { type: 'nothing' };

/** Something that happens from outside, some time after the step before. */
export interface Step {
  afterMs: number;
  action: Action;
  /** Whether a round follows. */
  decides: boolean;
  /** Whether what the books say is read after it. */
  reads: boolean;
}

/** Plain data, and each step makes sense without the others, so that a failing one can be made smaller. */
export interface Scenario {
  engines: Engines;
  halfLifeMs: number;
  steps: Step[];
}
