import type { EngineCapacity } from '../../../../src/engine/engine.ts';
import { toUnits, WHOLE_GPU } from '../../../../src/scheduler/rules/demand.ts';
import type { QueuedJob } from '../../../../src/scheduler/rules/queued-job.ts';
import { type Snapshot, tenantOf } from './snapshot.ts';

/** A tenant's average, as of a moment. */
export interface Past {
  average: number;
  atMs: number;
}

/** Units of CPUs, memory or a custom resource. */
export function amountOf({ demand }: QueuedJob, name: string): number {
  return demand.amounts.find(([other]) => other === name)?.[1] ?? 0;
}

/** Units of devices: whole ones, or a part of one. */
export function devicesOf({ demand }: QueuedJob): number {
  return demand.wholeGpus * WHOLE_GPU + demand.gpuShare;
}

/** What the machine has in all of CPUs, memory and each custom resource, in units. */
export function totalsOf({ cpus, memoryBytes, custom }: EngineCapacity): Map<string, number> {
  return new Map([
    ['cpus', toUnits(cpus)],
    ['memoryBytes', toUnits(memoryBytes)],
    ...Object.entries(custom).map(([name, amount]): [string, number] => [`custom:${name}`, toUnits(amount)]),
  ]);
}

/** The largest fraction that the tenant's running jobs hold of any one thing. */
export function dominantShare({ running, options, totals }: Snapshot, tenant: string): number {
  const jobs = running.map(({ job }) => job).filter((job) => job.tenant === tenant);
  // Of what the machine has none, nothing is a fraction.
  const fraction = (total: number, units: (job: QueuedJob) => number) =>
    total > 0 ? jobs.reduce((sum, job) => sum + units(job), 0) / total : 0;
  return Math.max(
    fraction(options.maxRunning, () => 1),
    fraction(options.capacity.gpuIds.length * WHOLE_GPU, devicesOf),
    ...[...totals].map(([name, total]) => fraction(total, (job) => amountOf(job, name))),
  );
}

/** The tenant has a past from here on. */
export function knowTenant(snapshot: Snapshot, tenant: string, nowMs: number): void {
  if (!snapshot.pasts.has(tenant)) snapshot.pasts.set(tenant, { average: 0, atMs: nowMs });
}

/** Brings all averages to this moment; to be called before any share changes. A clock that goes back counts as no time. */
export function advanceAverages(snapshot: Snapshot, nowMs: number): void {
  for (const [tenant, past] of snapshot.pasts) {
    if (nowMs > past.atMs) {
      const share = dominantShare(snapshot, tenant);
      past.average = share + (past.average - share) * 2 ** (-(nowMs - past.atMs) / snapshot.options.halfLifeMs);
    }
    past.atMs = nowMs;
  }
}

export function averageOf(snapshot: Snapshot, tenant: string): number {
  return snapshot.pasts.get(tenant)?.average ?? 0;
}

/** Lower ones come first. */
export function standingOf(snapshot: Snapshot, tenant: string): number {
  return (averageOf(snapshot, tenant) + dominantShare(snapshot, tenant)) / tenantOf(snapshot, tenant).weight;
}
