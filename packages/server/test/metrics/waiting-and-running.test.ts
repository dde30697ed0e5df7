import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { addWaitingAndRunning } from '../../src/metrics/waiting-and-running.ts';
import { newQueue } from '../../src/queue/queue.ts';
import { newTenant } from '../../src/queue/tenant.ts';
import { asking, ruleGame } from '../scheduler/rules/rule-game.ts';
import { parseExposition, valuesOf } from './parse-exposition.ts';

/** The gauges over a rule book, and over the queues and tenants that the test names. */
function openGauges() {
  const game = ruleGame();
  const names = { queues: ['default'], tenants: [] as string[] };
  const registry = new Registry();
  addWaitingAndRunning(
    registry,
    {
      queues: () => names.queues.map(newQueue),
      tenants: () => names.tenants.map(newTenant),
      queueUse: game.book.queueUse,
      tenantUse: (name) => game.book.tenantUse(name, 0),
    },
    { cluster: () => ({ ...game.book.load(), engines: [], nodes: [] }) },
  );
  const read = async (name: string) => valuesOf(parseExposition(await registry.metrics()), name);
  return { game, names, read };
}

test('queues and tenants show what waits and what runs', async () => {
  const { game, names, read } = openGauges();
  names.queues = ['default', 'train'];
  names.tenants = ['blue'];
  game.wait(asking(1, { cpus: 4 }), asking(2, { cpus: 1 }, { queue: 'train', tenant: 'blue' }), asking(3, { cpus: 1 }));
  game.round();
  expect(await read('drover_queue_jobs')).toEqual({
    'queue=default,state=waiting': 1,
    'queue=default,state=running': 1,
    'queue=train,state=waiting': 1,
    'queue=train,state=running': 0,
  });
  // Tenants that the service did not name are counted all the same.
  expect(await read('drover_tenant_jobs')).toEqual({
    'tenant=blue,state=waiting': 1,
    'tenant=blue,state=running': 0,
    'tenant=all others,state=waiting': 1,
    'tenant=all others,state=running': 1,
  });
});

test('however many tenants there are, a hundred have a label of their own and keep it', async () => {
  const { game, names, read } = openGauges();
  const tenant = (index: number) => `tenant-${index}`;
  names.tenants = Array.from({ length: 60 }, (_, index) => tenant(index));
  await read('drover_tenant_jobs');
  names.tenants = Array.from({ length: 5_000 }, (_, index) => tenant(5_000 - index));
  game.wait(...names.tenants.map((name, index) => asking(index + 1, { cpus: 1 }, { tenant: name })));
  game.round();
  const values = await read('drover_tenant_jobs');
  const labels = new Set(Object.keys(values).map((key) => key.replace(/,.*/, '')));
  expect(labels.size).toBe(101);
  for (let index = 1; index < 60; index += 1) expect(labels).toContain(`tenant=${tenant(index)}`);
  expect(Object.values(values).reduce((sum, value) => sum + value)).toBe(5_000);
  names.tenants = ['newcomer'];
  expect(Object.keys(await read('drover_tenant_jobs'))).toEqual(Object.keys(values));
});

test('a queue that was deleted is gone from the metric', async () => {
  const { names, read } = openGauges();
  names.queues = ['default', 'train'];
  expect(Object.keys(await read('drover_queue_jobs'))).toHaveLength(4);
  names.queues = ['default'];
  expect(Object.keys(await read('drover_queue_jobs'))).toEqual([
    'queue=default,state=waiting',
    'queue=default,state=running',
  ]);
});
