import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { AttemptHandle, AttemptOrder } from '../../src/engine/engine.ts';
import { quoteForShell } from '../../src/engine/order/shell-quote.ts';
import { NO_RESOURCES } from '../../src/job/resources.ts';

/** An order for a new attempt; what is not given is as small as can be. */
export function orderFor(entrypoint: string, details: Partial<AttemptOrder> = {}): AttemptOrder {
  const attemptId = `att-${randomBytes(10).toString('hex')}`;
  return {
    attemptId,
    jobId: `job-of-${attemptId}`,
    tenant: 'default',
    queue: 'default',
    entrypoint,
    workingDirectory: '/',
    variables: {},
    resources: NO_RESOURCES,
    gpus: [],
    graceMs: 10_000,
    runLimitMs: null,
    poolLabels: [],
    engineOptions: {},
    ...details,
  };
}

/** What a store would know of an attempt that was handed over. */
export function handleOf(order: AttemptOrder, bootId: string, started = false): AttemptHandle {
  const { attemptId, jobId, resources, graceMs } = order;
  return { attemptId, jobId, bootId, started, resources, graceMs };
}

/** The command that runs a fixture: a `.sh` by sh, a `.mjs` by this Node. */
export function fixture(name: string, ...args: string[]): string {
  const path = join(import.meta.dirname, 'fixtures', name);
  const interpreter = name.endsWith('.sh') ? '/bin/sh' : process.execPath;
  return ['exec', ...[interpreter, path, ...args].map(quoteForShell)].join(' ');
}
