import type { HoldingLimits } from '../../../../src/queue/queue.ts';
import { toUnits } from '../../../../src/scheduler/rules/demand.ts';
import type { QueuedJob } from '../../../../src/scheduler/rules/queued-job.ts';
import { amountOf, devicesOf } from './share.ts';
import { queueOf, type Snapshot, tenantOf } from './snapshot.ts';

/** What limits and quotas count, in units; jobs as they are. */
export type Counts = Record<keyof HoldingLimits, number>;

const LIMIT_KINDS: readonly (keyof HoldingLimits)[] = ['running', 'cpus', 'gpus', 'memoryBytes'];

/** The quota of a tenant or the limits of a queue, as a job finds them in a round. */
export interface Gate {
  /** The limits less what running jobs hold and what was set aside; infinite where there is no limit. */
  left: Counts;
  /** What was set aside here so far. Grows. */
  aside: Counts;
}

/** What was set aside in a round, by the names of tenants and of queues. */
export interface Asides {
  tenants: Map<string, Counts>;
  queues: Map<string, Counts>;
}

/** The gates before the machine, in the order in which a job has to pass them. */
export function gatesOf(snapshot: Snapshot, { tenant, queue }: QueuedJob, { tenants, queues }: Asides): Gate[] {
  const holders = snapshot.running.map(({ job }) => job);
  return [
    gateOf(
      tenantOf(snapshot, tenant).quota,
      holders.filter((job) => job.tenant === tenant),
      asideOf(tenants, tenant),
    ),
    gateOf(
      queueOf(snapshot, queue).limits,
      holders.filter((job) => job.queue === queue),
      asideOf(queues, queue),
    ),
  ];
}

function gateOf(limits: HoldingLimits, holders: readonly QueuedJob[], aside: Counts): Gate {
  const held = sumOf(holders.map(needsOf));
  const left = byKind((kind) => {
    const limit = limits[kind];
    if (limit === null) return Number.POSITIVE_INFINITY;
    return (kind === 'running' ? limit : toUnits(limit)) - held[kind] - aside[kind];
  });
  return { left, aside };
}

function asideOf(asides: Map<string, Counts>, name: string): Counts {
  const aside = asides.get(name) ?? byKind(() => 0);
  asides.set(name, aside);
  return aside;
}

export function needsOf(job: QueuedJob): Counts {
  return {
    running: 1,
    cpus: amountOf(job, 'cpus'),
    gpus: devicesOf(job),
    memoryBytes: amountOf(job, 'memoryBytes'),
  };
}

/** What is not needed does not have to be there: a limit that is exceeded holds up only those that need of it. */
export function passes({ left }: Gate, needs: Counts): boolean {
  return LIMIT_KINDS.every((kind) => needs[kind] === 0 || needs[kind] <= left[kind]);
}

/** Sets aside what a blocked job could use of what is left. */
export function setAside({ left, aside }: Gate, needs: Counts): void {
  for (const kind of LIMIT_KINDS) aside[kind] += Math.max(0, Math.min(left[kind], needs[kind]));
}

export function sumOf(counts: readonly Counts[]): Counts {
  return byKind((kind) => counts.reduce((sum, each) => sum + each[kind], 0));
}

function byKind(countOf: (kind: keyof HoldingLimits) => number): Counts {
  return {
    running: countOf('running'),
    cpus: countOf('cpus'),
    gpus: countOf('gpus'),
    memoryBytes: countOf('memoryBytes'),
  };
}
