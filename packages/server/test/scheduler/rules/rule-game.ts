import type { EngineCapacity } from '../../../src/engine/engine.ts';
import { NO_RESOURCES, type ResourceRequest } from '../../../src/job/resources.ts';
import { newQueue, type Queue } from '../../../src/queue/queue.ts';
import { newTenant, type Tenant } from '../../../src/queue/tenant.ts';
import { createRuleBook } from '../../../src/scheduler/rules/create-rule-book.ts';
import { demandOf } from '../../../src/scheduler/rules/demand.ts';
import type { QueuedJob } from '../../../src/scheduler/rules/queued-job.ts';
import type { EngineRoom, RuleBook } from '../../../src/scheduler/rules/rule-book.ts';

export const MACHINE: EngineCapacity = { cpus: 4, memoryBytes: 1_000, gpuIds: ['0', '1', '2'], custom: { NPU: 2 } };
export const HALF_LIFE_MS = 1_000;

/** A job of the queue and tenant `default`; its id is `job-` and its place in the order of submission. */
export function asking(
  seq: number,
  request: Partial<ResourceRequest> = {},
  { engine, ...fields }: Partial<Omit<QueuedJob, 'demand'>> & { engine?: string } = {},
): QueuedJob {
  const demand = demandOf({ ...NO_RESOURCES, ...request }, engine);
  return {
    id: `job-${seq}`,
    seq,
    queue: 'default',
    tenant: 'default',
    priority: 0,
    demand,
    boundMs: null,
    ...fields,
  };
}

/** A rule book to play with. */
export interface RuleGame {
  book: RuleBook;
  wait(...jobs: QueuedJob[]): void;
  queue(name: string, rules: Partial<Queue>): void;
  tenant(name: string, rules: Partial<Tenant>): void;
  /** One round; answers the places in the order of submission of those that start. */
  round(nowMs?: number): number[];
  end(seq: number, atMs?: number): void;
}

/** @param local what the server's own machine has; `others`: further engines */
export function ruleGame(
  { halfLifeMs = HALF_LIFE_MS, ...local }: Partial<EngineRoom> & { halfLifeMs?: number } = {},
  others: Record<string, EngineRoom> = {},
): RuleGame {
  const own = { capacity: MACHINE, maxRunning: 100, isRationed: true, ...local };
  const engines = new Map(Object.entries({ local: own, ...others }));
  const book = createRuleBook({ engines, halfLifeMs });
  return {
    book,
    wait: (...jobs) => {
      for (const job of jobs) book.apply({ type: 'waiting', job });
    },
    queue: (name, rules) => book.apply({ type: 'queue_set', queue: { ...newQueue(name), ...rules } }),
    tenant: (name, rules) => book.apply({ type: 'tenant_set', tenant: { ...newTenant(name), ...rules } }),
    round: (nowMs = 0) => book.decide(nowMs).map(({ job }) => job.seq),
    end: (seq, atMs = 0) => book.apply({ type: 'released', jobId: `job-${seq}`, atMs }),
  };
}
