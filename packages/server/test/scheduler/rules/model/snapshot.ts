import type { Queue } from '../../../../src/queue/queue.ts';
import { newQueue } from '../../../../src/queue/queue.ts';
import { newTenant, type Tenant } from '../../../../src/queue/tenant.ts';
import type { QueuedJob } from '../../../../src/scheduler/rules/queued-job.ts';
import type { EngineRoom, RuleBookOptions, RuleEvent } from '../../../../src/scheduler/rules/rule-book.ts';
import { advanceAverages, knowTenant, type Past } from './share.ts';

/** A job that holds resources. */
export interface RunningJob {
  job: QueuedJob;
  gpus: readonly string[];
  /** Start of its driver; its hand-over while that has not begun. */
  sinceMs: number;
}

/** All that a decision goes by, in plain lists. */
export interface Snapshot {
  halfLifeMs: number;
  engines: Map<string, EngineRoom>;
  /** By engine, the id of the job that had the first reservation in the last round that made any there. */
  pledged: Map<string, string>;
  waiting: QueuedJob[];
  running: RunningJob[];
  queues: Map<string, Queue>;
  tenants: Map<string, Tenant>;
  /** Of each tenant that has ever held anything. */
  pasts: Map<string, Past>;
}

export function emptySnapshot({ halfLifeMs, engines }: RuleBookOptions): Snapshot {
  return {
    ...{ halfLifeMs, engines: new Map(engines), pledged: new Map(), waiting: [], running: [] },
    ...{ queues: new Map(), tenants: new Map(), pasts: new Map() },
  };
}

export function copyOf(snapshot: Snapshot): Snapshot {
  return {
    ...snapshot,
    waiting: [...snapshot.waiting],
    running: snapshot.running.map((holder) => ({ ...holder })),
    engines: new Map(snapshot.engines),
    pledged: new Map(snapshot.pledged),
    queues: new Map(snapshot.queues),
    tenants: new Map(snapshot.tenants),
    pasts: copyPasts(snapshot.pasts),
  };
}

export function copyPasts(pasts: Snapshot['pasts']): Snapshot['pasts'] {
  return new Map([...pasts].map(([tenant, past]) => [tenant, { ...past }]));
}

export function queueOf(snapshot: Snapshot, name: string): Queue {
  return snapshot.queues.get(name) ?? newQueue(name);
}

export function tenantOf(snapshot: Snapshot, name: string): Tenant {
  return snapshot.tenants.get(name) ?? newTenant(name);
}

/** The jobs that hold slots of an engine. */
export function runningOn(snapshot: Snapshot, engine: string): RunningJob[] {
  return snapshot.running.filter(({ job }) => job.demand.engine === engine);
}

/** Changes the snapshot as the event says. */
export function applyTo(snapshot: Snapshot, event: RuleEvent): void {
  switch (event.type) {
    case 'waiting':
      snapshot.waiting.push(event.job);
      break;
    case 'left':
      snapshot.waiting = snapshot.waiting.filter(({ id }) => id !== event.jobId);
      break;
    case 'adopted':
      hold(snapshot, { job: event.job, gpus: event.gpus, sinceMs: event.startedAtMs }, event.atMs);
      break;
    case 'started':
      for (const holder of snapshot.running) {
        if (holder.job.id === event.jobId) holder.sinceMs = event.startedAtMs;
      }
      break;
    case 'released':
      advanceAverages(snapshot, event.atMs);
      snapshot.running = snapshot.running.filter(({ job }) => job.id !== event.jobId);
      break;
    case 'queue_set':
      snapshot.queues.set(event.queue.name, event.queue);
      break;
    case 'queue_removed':
      snapshot.queues.delete(event.name);
      break;
    case 'tenant_set':
      snapshot.tenants.set(event.tenant.name, event.tenant);
      break;
    case 'tenant_removed':
      snapshot.tenants.delete(event.name);
      break;
    case 'engine_changed': {
      advanceAverages(snapshot, event.atMs);
      const room = snapshot.engines.get(event.name);
      if (room !== undefined) snapshot.engines.set(event.name, { ...room, capacity: event.capacity });
      break;
    }
    case 'average_known':
      snapshot.pasts.set(event.tenant, { average: event.average, atMs: event.atMs });
      break;
  }
}

/** The job holds its resources from now on. */
export function hold(snapshot: Snapshot, holder: RunningJob, nowMs: number): void {
  advanceAverages(snapshot, nowMs);
  knowTenant(snapshot, holder.job.tenant, nowMs);
  snapshot.waiting = snapshot.waiting.filter(({ id }) => id !== holder.job.id);
  snapshot.running.push(holder);
}
