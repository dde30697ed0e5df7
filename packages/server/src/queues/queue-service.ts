import { isDeepStrictEqual } from 'node:util';
import { LOCAL_ENGINE } from '../engine/engine.ts';
import { droverError } from '../errors/drover-error.ts';
import type { ResourceRequest } from '../job/resources.ts';
import { DEFAULT_QUEUE, newQueue, type Queue } from '../queue/queue.ts';
import { newTenant, type Tenant } from '../queue/tenant.ts';
import { checkEngineOptions, knownEngine } from '../scheduler/known-engine.ts';
import { type Refusal, refusalByLimits } from '../scheduler/rules/refusal.ts';
import type { QueueUse, TenantUse } from '../scheduler/rules/rule-book.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { RuleStore } from '../store/rule-store.ts';
import { createSequence } from '../timing/sequence.ts';

/** What operators do with queues and tenants. Changes resolve when they are on disk, and hold from then on. */
export interface QueueService {
  /** By name; the default queue is always among them. */
  queues(): Queue[];
  /** @throws `QUEUE_NOT_FOUND` */
  queue(name: string): Queue;
  /** @throws `QUEUE_EXISTS`, `UNKNOWN_ENGINE`, `INVALID_ENGINE_OPTIONS` */
  createQueue(queue: Queue): Promise<Queue>;
  /** @throws `QUEUE_NOT_FOUND`, `UNKNOWN_ENGINE`, `INVALID_ENGINE_OPTIONS` */
  changeQueue(name: string, change: (queue: Queue) => Queue): Promise<Queue>;
  /** @throws `QUEUE_NOT_FOUND`, `QUEUE_NOT_EMPTY`, `QUEUE_REQUIRED` */
  removeQueue(name: string): Promise<void>;

  /** Those about whom something was set, and those with jobs that wait or run, or whose past still counts. */
  tenants(): Tenant[];
  /** As it is before anybody has set anything, where nobody has. */
  tenant(name: string): Tenant;
  changeTenant(name: string, change: (tenant: Tenant) => Tenant): Promise<Tenant>;
  /** Forgets what was set about it. */
  resetTenant(name: string): Promise<void>;

  /** What running jobs hold, and how many wait, at this moment. */
  queueUse(name: string): QueueUse;
  tenantUse(name: string): TenantUse;

  /**
   * The queue that a job is submitted to. @param name null: the default of its tenant
   * @throws `UNKNOWN_QUEUE`, `QUEUE_DRAINING`
   */
  queueForSubmit(name: string | null, tenant: string): Queue;
  /** What of a request the queue and the tenant's quota could never give. */
  refusalOf(request: ResourceRequest, queue: Queue, tenant: string): Refusal | null;
}

export interface QueueServiceOptions {
  store: RuleStore;
  scheduler: Pick<
    Scheduler,
    'applyRule' | 'unfinishedIn' | 'engine' | 'engineNames' | 'queueUse' | 'tenantUse' | 'activeTenants'
  >;
  /** What the options of a queue that names no engine are for (`local`). */
  defaultEngine?: string;
}

/** Reads what was set, and lets the scheduler know. */
export async function openQueueService(options: QueueServiceOptions): Promise<QueueService> {
  const { store, scheduler, defaultEngine = LOCAL_ENGINE } = options;
  const queues = new Map<string, Queue>([[DEFAULT_QUEUE, newQueue(DEFAULT_QUEUE)]]);
  const tenants = new Map<string, Tenant>();
  const oneByOne = createSequence();

  function keepQueue(queue: Queue): void {
    queues.set(queue.name, queue);
    scheduler.applyRule({ type: 'queue_set', queue });
  }

  function keepTenant(tenant: Tenant): void {
    tenants.set(tenant.name, tenant);
    scheduler.applyRule({ type: 'tenant_set', tenant });
  }

  function knownQueue(name: string): Queue {
    const queue = queues.get(name);
    if (queue === undefined) throw droverError('QUEUE_NOT_FOUND', { name });
    return queue;
  }

  async function storeQueue(queue: Queue): Promise<Queue> {
    await store.putQueue(queue);
    keepQueue(queue);
    return queue;
  }

  /** @throws `UNKNOWN_ENGINE`, `INVALID_ENGINE_OPTIONS` */
  function checkEngine({ engine: named, engineOptions }: Queue): void {
    if (named === null && Object.keys(engineOptions).length === 0) return;
    checkEngineOptions(knownEngine(scheduler, named ?? defaultEngine), engineOptions);
  }

  const tenant = (name: string) => tenants.get(name) ?? newTenant(name);

  for (const queue of await store.queues()) keepQueue(queue);
  for (const known of await store.tenants()) keepTenant(known);

  return {
    queues: () => [...queues.values()].sort((one, other) => (one.name < other.name ? -1 : 1)),
    queue: knownQueue,

    createQueue: (queue) =>
      oneByOne(async () => {
        if (queues.has(queue.name)) throw droverError('QUEUE_EXISTS', { name: queue.name });
        checkEngine(queue);
        return storeQueue(queue);
      }),

    changeQueue: (name, change) =>
      oneByOne(async () => {
        const before = knownQueue(name);
        const queue = { ...change(before), name };
        // This server may not have the engine any more: such a queue can be paused and drained all the same.
        if (!isDeepStrictEqual(engineOf(queue), engineOf(before))) checkEngine(queue);
        return storeQueue(queue);
      }),

    removeQueue: (name) =>
      oneByOne(async () => {
        const queue = knownQueue(name);
        if (name === DEFAULT_QUEUE) throw droverError('QUEUE_REQUIRED', { name });
        // From here on submits are refused; those that were not are on disk when this is, and are counted.
        queues.delete(name);
        try {
          await store.putQueue(queue);
          const jobs = scheduler.unfinishedIn(name);
          if (jobs > 0) throw droverError('QUEUE_NOT_EMPTY', { name, jobs: `${jobs}` });
          await store.removeQueue(name);
        } catch (error) {
          queues.set(name, queue);
          throw error;
        }
        scheduler.applyRule({ type: 'queue_removed', name });
      }),

    tenants: () => [...new Set([...tenants.keys(), ...scheduler.activeTenants()])].sort().map(tenant),
    tenant,

    changeTenant: (name, change) =>
      oneByOne(async () => {
        const changed = { ...change(tenant(name)), name };
        if (!queues.has(changed.defaultQueue)) throw unknownQueue(changed.defaultQueue);
        await store.putTenant(changed);
        keepTenant(changed);
        return changed;
      }),

    resetTenant: (name) =>
      oneByOne(async () => {
        await store.removeTenant(name);
        tenants.delete(name);
        scheduler.applyRule({ type: 'tenant_removed', name });
      }),

    queueUse: scheduler.queueUse,
    tenantUse: scheduler.tenantUse,

    queueForSubmit(name, tenantName) {
      // A tenant's default may have been deleted since.
      const queue =
        name === null ? (queues.get(tenant(tenantName).defaultQueue) ?? knownQueue(DEFAULT_QUEUE)) : queues.get(name);
      if (queue === undefined) throw unknownQueue(name ?? '');
      if (queue.state === 'draining') throw droverError('QUEUE_DRAINING', { name: queue.name });
      return queue;
    },

    refusalOf: (request, queue, tenantName) => refusalByLimits(request, queue, tenant(tenantName)),
  };

  function unknownQueue(name: string) {
    return droverError('UNKNOWN_QUEUE', { name, known: [...queues.keys()].sort().join(', ') });
  }
}

function engineOf({ engine, engineOptions }: Queue): Pick<Queue, 'engine' | 'engineOptions'> {
  return { engine, engineOptions };
}
