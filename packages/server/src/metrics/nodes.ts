import type { Registry } from 'prom-client';
import type { Scheduler } from '../scheduler/scheduler.ts';
import { addAmounts } from './amounts.ts';
import { addReadGauge } from './read-metrics.ts';

/** Engines and nodes: whether drivers can be started, how much there is, and what of it jobs hold, whatever they really take. */
export function addNodes(registry: Registry, { cluster }: Pick<Scheduler, 'cluster'>): void {
  addReadGauge(registry, {
    ...{ name: 'drover_engine_up', help: 'Whether the engine can start drivers', labelNames: ['engine'] },
    read: () => cluster().engines.map(({ name, trouble }) => ({ labels: { engine: name }, value: upOf(trouble) })),
  });
  addAmounts(registry, 'engine', () =>
    cluster().engines.map(({ name, ...state }) => ({ labels: { engine: name }, ...state })),
  );
  addReadGauge(registry, {
    ...{ name: 'drover_node_up', help: 'Whether drivers can be started on the node', labelNames: ['node', 'engine'] },
    read: () =>
      cluster().nodes.map(({ id, engine, trouble }) => ({ labels: { node: id, engine }, value: upOf(trouble) })),
  });
  addAmounts(registry, 'node', () => cluster().nodes.map(({ id, ...state }) => ({ labels: { node: id }, ...state })));
}

function upOf(trouble: string | null): 0 | 1 {
  return trouble === null ? 1 : 0;
}
