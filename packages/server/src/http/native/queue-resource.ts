import type { HoldingLimits, Queue } from '../../queue/queue.ts';
import type { Tenant } from '../../queue/tenant.ts';
import type { QueueUse, TenantUse } from '../../scheduler/rules/rule-book.ts';
import type { HoldingLimitsBody, QueueRules } from './schemas/queue.ts';
import type { TenantRules } from './schemas/tenant.ts';

/** A queue as the native API shows it. */
export function queueResource({ name, priority, state, limits }: Queue, use: QueueUse) {
  return { name, priority, state, limits: limitsResource(limits), use: useResource(use) };
}

/** A tenant as the native API shows it. */
export function tenantResource({ name, weight, quota, defaultQueue }: Tenant, use: TenantUse) {
  return {
    ...{ name, weight, quota: limitsResource(quota), default_queue: defaultQueue },
    use: useResource(use),
    share: { now: use.dominantShare, average: use.average },
  };
}

/** A queue with what a request has set; what it has not named stays. */
export function withQueueRules(queue: Queue, rules: QueueRules): Queue {
  return {
    ...queue,
    priority: rules.priority ?? queue.priority,
    limits: withLimits(queue.limits, rules.limits),
  };
}

export function withTenantRules(tenant: Tenant, rules: TenantRules): Tenant {
  return {
    ...tenant,
    weight: rules.weight ?? tenant.weight,
    quota: withLimits(tenant.quota, rules.quota),
    defaultQueue: rules.default_queue ?? tenant.defaultQueue,
  };
}

function withLimits(
  limits: HoldingLimits,
  { running, cpus, gpus, memory_bytes }: HoldingLimitsBody = {},
): HoldingLimits {
  return {
    running: running === undefined ? limits.running : running,
    cpus: cpus === undefined ? limits.cpus : cpus,
    gpus: gpus === undefined ? limits.gpus : gpus,
    memoryBytes: memory_bytes === undefined ? limits.memoryBytes : memory_bytes,
  };
}

function limitsResource({ running, cpus, gpus, memoryBytes }: HoldingLimits) {
  return { running, cpus, gpus, memory_bytes: memoryBytes };
}

function useResource({ waiting, running, cpus, gpus, memoryBytes }: QueueUse) {
  return { waiting, running, cpus, gpus, memory_bytes: memoryBytes };
}
