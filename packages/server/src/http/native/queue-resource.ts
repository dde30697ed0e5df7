import type { HoldingLimits, JobDefaults, Queue } from '../../queue/queue.ts';
import type { Tenant } from '../../queue/tenant.ts';
import type { QueueUse, TenantUse } from '../../scheduler/rules/rule-book.ts';
import type { HoldingLimitsBody, JobDefaultsBody, jobDefaultsInForce, QueueRules } from './schemas/queue.ts';
import type { limits as limitsSchema, queue as queueSchema, use as useSchema } from './schemas/queue-answer.ts';
import type { Sent } from './schemas/sent.ts';
import type { TenantRules } from './schemas/tenant.ts';
import type { tenant as tenantSchema } from './schemas/tenant-answer.ts';
import { changedMs, inSeconds } from './seconds.ts';

export type SentQueue = Sent<typeof queueSchema>;
export type SentTenant = Sent<typeof tenantSchema>;

/** A queue as the native API shows it. */
export function queueResource(
  { name, priority, state, limits, defaults, engine, engineOptions, maxRunLimitMs }: Queue,
  use: QueueUse,
): SentQueue {
  return {
    ...{ name, priority, state, limits: limitsResource(limits), defaults: defaultsResource(defaults) },
    ...{ engine, engine_options: engineOptions },
    max_time_limit_seconds: inSeconds(maxRunLimitMs),
    use: useResource(use),
  };
}

/** A tenant as the native API shows it. */
export function tenantResource({ name, weight, quota, defaultQueue }: Tenant, use: TenantUse): SentTenant {
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
    defaults: withDefaults(queue.defaults, rules.defaults),
    engine: rules.engine === undefined ? queue.engine : rules.engine,
    engineOptions: rules.engine_options ?? queue.engineOptions,
    maxRunLimitMs: changedMs(queue.maxRunLimitMs, rules.max_time_limit_seconds),
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

function withDefaults(defaults: JobDefaults, body: JobDefaultsBody = {}): JobDefaults {
  return {
    maxRetries: body.max_retries === undefined ? defaults.maxRetries : body.max_retries,
    runLimitMs: changedMs(defaults.runLimitMs, body.time_limit_seconds),
    queueLimitMs: changedMs(defaults.queueLimitMs, body.queue_time_limit_seconds),
    setupLimitMs: changedMs(defaults.setupLimitMs, body.setup_time_limit_seconds),
    ttlAfterFinishedMs: changedMs(defaults.ttlAfterFinishedMs, body.ttl_seconds_after_finished),
  };
}

function defaultsResource(defaults: JobDefaults): Sent<typeof jobDefaultsInForce> {
  return {
    max_retries: defaults.maxRetries,
    time_limit_seconds: inSeconds(defaults.runLimitMs),
    queue_time_limit_seconds: inSeconds(defaults.queueLimitMs),
    setup_time_limit_seconds: inSeconds(defaults.setupLimitMs),
    ttl_seconds_after_finished: inSeconds(defaults.ttlAfterFinishedMs),
  };
}

function limitsResource({ running, cpus, gpus, memoryBytes }: HoldingLimits): Sent<typeof limitsSchema> {
  return { running, cpus, gpus, memory_bytes: memoryBytes };
}

function useResource({ waiting, running, cpus, gpus, memoryBytes }: QueueUse): Sent<typeof useSchema> {
  return { waiting, running, cpus, gpus, memory_bytes: memoryBytes };
}
