import type { QueuedJob } from '../../../../src/scheduler/rules/queued-job.ts';
import { change, devicesFor, freeOf, holdingOf, type Pool } from './machine.ts';
import { type RunningJob, runningOn, type Snapshot } from './snapshot.ts';

/** Of a job that is blocked at the machine. */
export interface Reservation {
  job: QueuedJob;
  /** When the job would fit at the latest; null where that is not known, or was not asked. */
  atMs: number | null;
  /** What nothing later may have, but for what backfill has taken of it. */
  aside: Pool;
}

/** Only so many reservations of a round at one engine have a time. */
export const TIMED_RESERVATIONS = 8;

/** When a blocked job fits at the latest, and the devices that it is given then. */
export interface LatestStart {
  atMs: number;
  devices: string[];
}

/** The earliest time at which the job would fit, if every running job ended at its bound. */
export function latestStart(snapshot: Snapshot, job: QueuedJob, nowMs: number): LatestStart | null {
  const free = freeOf(snapshot, job.demand.engine);
  const running = runningOn(snapshot, job.demand.engine);
  const atOnce = devicesFor(free, job.demand);
  if (atOnce !== null) return { atMs: nowMs, devices: atOnce };
  const ends = running.map((holder) => Math.max(nowMs, endOf(holder)));
  const moments = [...new Set(ends)]
    .filter((atMs) => atMs < Number.POSITIVE_INFINITY)
    .sort((left, right) => left - right);
  for (const atMs of moments) {
    for (const holder of running) {
      if (Math.max(nowMs, endOf(holder)) === atMs) change(free, holdingOf(holder), 1);
    }
    const devices = devicesFor(free, job.demand);
    if (devices !== null) return { atMs, devices };
  }
  return null;
}

/** When the job's bound is reached. */
export function endOf({ job, sinceMs }: RunningJob): number {
  return job.boundMs === null ? Number.POSITIVE_INFINITY : sinceMs + job.boundMs;
}

/** What is free less what was set aside for these. */
export function leftBy(free: Pool, reservations: readonly Reservation[]): Pool {
  const left = { amounts: new Map(free.amounts), devices: new Map(free.devices) };
  for (const { aside } of reservations) change(left, aside, -1);
  return left;
}

/** The reservations that the job may take from, since it ends before they need it: the one with the latest time first. */
export function openTo(job: QueuedJob, reservations: readonly Reservation[], nowMs: number): Reservation[] {
  const { boundMs } = job;
  if (boundMs === null) return [];
  return reservations
    .filter(({ atMs }) => atMs !== null && atMs >= nowMs + boundMs)
    .sort((left, right) => (right.atMs ?? 0) - (left.atMs ?? 0));
}

/** Takes from the reservations what is not `left` by all of them. */
export function takeFrom(reservations: readonly Reservation[], left: Pool, taken: Pool): void {
  for (const part of ['amounts', 'devices'] as const) {
    for (const [name, units] of taken[part]) {
      let missing = units - Math.max(0, Math.min(units, left[part].get(name) ?? 0));
      for (const { aside } of reservations) {
        const has = aside[part].get(name) ?? 0;
        const some = Math.min(has, missing);
        aside[part].set(name, has - some);
        missing -= some;
      }
    }
  }
}
