import { isDeepStrictEqual } from 'node:util';
import { fromUnits } from '../../../../src/scheduler/rules/demand.ts';
import { compareRank, type QueuedJob } from '../../../../src/scheduler/rules/queued-job.ts';
import type { QueueUse, RuleBook } from '../../../../src/scheduler/rules/rule-book.ts';
import { needsOf, sumOf } from '../model/gates.ts';
import { averageOf, dominantShare } from '../model/share.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** Averages are sums of many small parts; their last digits depend on the order. */
const TOLERANCE = 1e-9;

/** Compares what the rule book tells with what the model knows, whose averages are as of now. */
export function checkBooks(book: RuleBook, snapshot: Snapshot, nowMs: number): void {
  checkAverages(book, snapshot, nowMs);
  checkActiveTenants(book, snapshot, nowMs);
  const jobs = [...snapshot.waiting, ...snapshot.running.map(({ job }) => job)];
  for (const name of new Set([...jobs.map(({ queue }) => queue), ...snapshot.queues.keys(), 'nobody'])) {
    expectSame(
      `use of queue ${name}`,
      book.queueUse(name),
      useOf(snapshot, ({ queue }) => queue === name),
    );
  }
  for (const name of new Set([...jobs.map(({ tenant }) => tenant), ...snapshot.pasts.keys(), 'nobody'])) {
    const { average, dominantShare: share, ...use } = book.tenantUse(name, nowMs);
    expectSame(
      `use of tenant ${name}`,
      use,
      useOf(snapshot, ({ tenant }) => tenant === name),
    );
    expectNear(`average of tenant ${name}`, average, averageOf(snapshot, name));
    expectNear(`share of tenant ${name}`, share, dominantShare(snapshot, name));
  }
  for (const name of new Set([...jobs.map(({ demand }) => demand.engine), ...snapshot.engines.keys()])) {
    const { running, cpus, gpus, memoryBytes } = useOf(snapshot, ({ demand }) => demand.engine === name);
    const { custom: _, ...use } = book.engineUse(name);
    expectSame(`use of engine ${name}`, use, { running, cpus, gpus, memoryBytes });
  }
  checkPlaces(book, snapshot);
  expectSame('number of waiting jobs', book.waitingCount, snapshot.waiting.length);
  expectSame('number of running jobs', book.runningCount, snapshot.running.length);
}

/** A tenant that is not told of has an average of nothing. */
function checkAverages(book: RuleBook, snapshot: Snapshot, nowMs: number): void {
  const told = new Map(book.averages(nowMs).map(({ tenant, average }) => [tenant, average]));
  for (const tenant of new Set([...told.keys(), ...snapshot.pasts.keys()])) {
    expectNear(`average told of tenant ${tenant}`, told.get(tenant) ?? 0, averageOf(snapshot, tenant));
  }
}

function checkActiveTenants(book: RuleBook, snapshot: Snapshot, nowMs: number): void {
  const jobs = [...snapshot.waiting, ...snapshot.running.map(({ job }) => job)];
  const active = new Set(book.activeTenants(nowMs));
  for (const name of new Set([...active, ...jobs.map(({ tenant }) => tenant), ...snapshot.pasts.keys()])) {
    const average = averageOf(snapshot, name);
    const isActive = jobs.some(({ tenant }) => tenant === name) || average > TOLERANCE;
    // Where hardly anything is left of a past, either will do.
    if (average === 0 || average > 2 * TOLERANCE) expectSame(`${name} is active`, active.has(name), isActive);
  }
}

function useOf(snapshot: Snapshot, isCounted: (job: QueuedJob) => boolean): QueueUse {
  const holders = snapshot.running.map(({ job }) => job).filter(isCounted);
  const held = sumOf(holders.map(needsOf));
  return {
    waiting: snapshot.waiting.filter(isCounted).length,
    running: holders.length,
    cpus: fromUnits(held.cpus),
    gpus: fromUnits(held.gpus),
    memoryBytes: fromUnits(held.memoryBytes),
  };
}

function checkPlaces(book: RuleBook, snapshot: Snapshot): void {
  for (const job of snapshot.waiting) {
    const ahead = snapshot.waiting.filter(
      (other) =>
        other.queue === job.queue &&
        other.tenant === job.tenant &&
        other.demand.engine === job.demand.engine &&
        compareRank(other, job) < 0,
    );
    expectSame(`place of ${job.id}`, book.reasonToWait(job.id)?.jobsAhead, ahead.length);
  }
  for (const { job } of snapshot.running) expectSame(`reason of ${job.id}`, book.reasonToWait(job.id), null);
}

function expectSame(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`${what}: ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
}

function expectNear(what: string, actual: number, expected: number): void {
  if (!(Math.abs(actual - expected) <= TOLERANCE)) throw new Error(`${what}: ${actual} instead of ${expected}`);
}
