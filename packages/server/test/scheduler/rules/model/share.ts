import type { EngineCapacity } from '../../../../src/engine/engine.ts';
import { toUnits, WHOLE_GPU } from '../../../../src/scheduler/rules/demand.ts';
import type { QueuedJob } from '../../../../src/scheduler/rules/queued-job.ts';
import type { EngineRoom } from '../../../../src/scheduler/rules/rule-book.ts';
import { runningOn, type Snapshot, tenantOf } from './snapshot.ts';

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

/** What an engine has in all of CPUs, memory and each custom resource, in units. */
export function totalsOf({ cpus, memoryBytes, custom }: EngineCapacity): Map<string, number> {
  return new Map([
    ['cpus', toUnits(cpus)],
    ['memoryBytes', toUnits(memoryBytes)],
    ...Object.entries(custom).map(([name, amount]): [string, number] => [`custom:${name}`, toUnits(amount)]),
  ]);
}

/** The largest fraction that the tenant's running jobs hold of any one thing. */
export function dominantShare(snapshot: Snapshot, tenant: string): number {
  const shares = [...snapshot.engines].map(([name, room]) => {
    const jobs = runningOn(snapshot, name).map(({ job }) => job);
    return shareOf(
      room,
      jobs.filter((job) => job.tenant === tenant),
    );
  });
  return Math.max(0, ...shares);
}

/** The largest fraction that these jobs hold of any one thing of an engine. */
function shareOf({ maxRunning, capacity }: EngineRoom, jobs: readonly QueuedJob[]): number {
  // Of what the engine has none, nothing is a fraction.
  const fraction = (total: number, units: (job: QueuedJob) => number) =>
    total > 0 ? jobs.reduce((sum, job) => sum + units(job), 0) / total : 0;
  return Math.max(
    fraction(maxRunning, () => 1),
    fraction(capacity.gpuIds.length * WHOLE_GPU, devicesOf),
    ...[...totalsOf(capacity)].map(([name, total]) => fraction(total, (job) => amountOf(job, name))),
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
      past.average = share + (past.average - share) * 2 ** (-(nowMs - past.atMs) / snapshot.halfLifeMs);
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
