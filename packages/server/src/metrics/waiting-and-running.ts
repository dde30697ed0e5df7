import type { Registry } from 'prom-client';
import type { QueueService } from '../queues/queue-service.ts';
import type { QueueUse } from '../scheduler/rules/rule-book.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import { ALL_OTHERS, createLabelPlaces } from './label-places.ts';
import { addReadGauge, type Sample } from './read-metrics.ts';

/** Queues, and tenants, that have series of their own. */
const PLACES = 100;

type Load = Pick<QueueUse, 'waiting' | 'running'>;

/** How many jobs wait for their turn and how many hold resources, by queue and by tenant. */
export function addWaitingAndRunning(
  registry: Registry,
  queues: Pick<QueueService, 'queues' | 'queueUse' | 'tenants' | 'tenantUse'>,
  { cluster }: Pick<Scheduler, 'cluster'>,
): void {
  const queuePlaces = createLabelPlaces(PLACES);
  const tenantPlaces = createLabelPlaces(PLACES);

  addReadGauge(registry, {
    name: 'drover_queue_jobs',
    help: 'Jobs of a queue that wait for their turn, and that run',
    labelNames: ['queue', 'state'],
    read() {
      const names = queues.queues().map(({ name }) => name);
      queuePlaces.admit(names);
      const shown = names.filter(queuePlaces.has).map((name) => ({ name, load: queues.queueUse(name) }));
      return samplesOf('queue', shown, cluster());
    },
  });

  addReadGauge(registry, {
    name: 'drover_tenant_jobs',
    help: 'Jobs of a tenant that wait for their turn, and that run',
    labelNames: ['tenant', 'state'],
    read() {
      // Clients choose the names, so that there may be a great many: they are looked through only while there are places.
      if (!tenantPlaces.isFull) tenantPlaces.admit(queues.tenants().map(({ name }) => name));
      const shown = [...tenantPlaces.names].map((name) => ({ name, load: queues.tenantUse(name) }));
      return samplesOf('tenant', shown, cluster());
    },
  });
}

/** @param total of all, from which the load of those that are not shown follows */
function samplesOf(label: string, shown: readonly { name: string; load: Load }[], total: Load): Sample[] {
  const others = { waiting: total.waiting, running: total.running };
  for (const { load } of shown) {
    others.waiting -= load.waiting;
    others.running -= load.running;
  }
  const isComplete = shown.length < PLACES && others.waiting === 0 && others.running === 0;
  return (isComplete ? shown : [...shown, { name: ALL_OTHERS, load: others }]).flatMap(({ name, load }) => [
    { labels: { [label]: name, state: 'waiting' }, value: load.waiting },
    { labels: { [label]: name, state: 'running' }, value: load.running },
  ]);
}
