import type { EngineCapacity } from '../../../../src/engine/engine.ts';
import { type HoldingLimits, NO_LIMITS } from '../../../../src/queue/queue.ts';
import type { QueuedJob } from '../../../../src/scheduler/rules/queued-job.ts';
import type { Admission } from '../../../../src/scheduler/rules/rule-book.ts';
import type { RunningJob, Snapshot } from '../model/snapshot.ts';

/**
 * What holds for every batch of admissions, whatever the order of the rules; worked out without the model's help.
 *
 * @param before everything as it was before them
 */
export function checkAdmissions(before: Snapshot, admissions: readonly Admission[]): void {
  const waiting = new Set(before.waiting);
  for (const { job, gpus } of admissions) {
    require(waiting.has(job), `${job.id} does not wait, and was started`);
    require(before.queues.get(job.queue)?.state !== 'paused', `${job.id} was started from a paused queue`);
    const older = [...waiting].find((other) => isAlike(other, job) && comesBefore(other, job));
    require(older === undefined, `${job.id} was started before ${older?.id}, which is alike`);
    waiting.delete(job);
    checkDevices(before, job, gpus);
  }
  const holders = [...before.running, ...admissions.map(({ job, gpus }) => ({ job, gpus, sinceMs: 0 }))];
  for (const { job } of admissions) checkRoom(before, holders, job);
}

/** What a started job has need of is not held beyond what there is. What it needs nothing of may be, by adopted jobs. */
function checkRoom({ engines, queues, tenants }: Snapshot, holders: readonly RunningJob[], job: QueuedJob): void {
  const beside = holders.filter((holder) => holder.job.demand.engine === job.demand.engine);
  const room = engines.get(job.demand.engine);
  require(beside.length <= (room?.maxRunning ?? 0), `${job.id} was started without a slot`);
  for (const [name, units] of room?.isRationed ? job.demand.amounts : []) {
    if (units > 0) require(unitsHeld(beside, name) <= 10_000 * totalOf(room?.capacity, name), `${job.id}: ${name}`);
  }
  for (const device of holders.find((holder) => holder.job === job)?.gpus ?? []) {
    const sharers = beside.filter(({ gpus }) => gpus.includes(device)).map((holder) => holder.job.demand);
    const held = sharers.reduce((sum, { wholeGpus, gpuShare }) => sum + (wholeGpus > 0 ? 10_000 : gpuShare), 0);
    require(held <= 10_000, `${job.id}: device ${device} is held ${held / 10_000} times`);
  }
  checkLimits(
    holders.filter((holder) => holder.job.queue === job.queue),
    queues.get(job.queue)?.limits ?? NO_LIMITS,
    job,
  );
  checkLimits(
    holders.filter((holder) => holder.job.tenant === job.tenant),
    tenants.get(job.tenant)?.quota ?? NO_LIMITS,
    job,
  );
}

function checkLimits(holders: readonly RunningJob[], limits: HoldingLimits, job: QueuedJob): void {
  const devices = ({ demand }: QueuedJob) => demand.wholeGpus * 10_000 + demand.gpuShare;
  const gpus = holders.reduce((sum, holder) => sum + devices(holder.job), 0);
  const within = (units: number, limit: number | null) => limit === null || units <= limit * 10_000;
  require(limits.running === null || holders.length <= limits.running, `${job.id}: more run than may`);
  require(devices(job) === 0 || within(gpus, limits.gpus), `${job.id}: limit of gpus`);
  for (const kind of ['cpus', 'memoryBytes'] as const) {
    const needs = job.demand.amounts.some(([name]) => name === kind);
    require(!needs || within(unitsHeld(holders, kind), limits[kind]), `${job.id}: limit of ${kind}`);
  }
}

function checkDevices({ engines }: Snapshot, { id, demand }: QueuedJob, gpus: readonly string[]): void {
  const room = engines.get(demand.engine);
  const wanted = !room?.isRationed ? 0 : demand.wholeGpus > 0 ? demand.wholeGpus : demand.gpuShare > 0 ? 1 : 0;
  require(gpus.length === wanted, `${id} was given ${gpus.length} devices and needs ${wanted}`);
  require(new Set(gpus).size === wanted, `${id} was given a device twice`);
  require(gpus.every(
    (gpu) => room?.capacity.gpuIds.includes(gpu) ?? false,
  ), `${id} was given a device that is not there`);
}

function unitsHeld(holders: readonly RunningJob[], wanted: string): number {
  let sum = 0;
  for (const { job } of holders) for (const [name, units] of job.demand.amounts) if (name === wanted) sum += units;
  return sum;
}

function totalOf(capacity: EngineCapacity | undefined, name: string): number {
  if (capacity === undefined) return 0;
  if (name === 'cpus' || name === 'memoryBytes') return capacity[name];
  return capacity.custom[name.slice('custom:'.length)] ?? 0;
}

function isAlike(left: QueuedJob, right: QueuedJob): boolean {
  const what = ({ queue, tenant, demand: { engine, amounts, wholeGpus, gpuShare }, boundMs }: QueuedJob) =>
    JSON.stringify([queue, tenant, engine, amounts, wholeGpus, gpuShare, boundMs]);
  return what(left) === what(right);
}

const comesBefore = (left: QueuedJob, right: QueuedJob) =>
  left.priority > right.priority || (left.priority === right.priority && left.seq < right.seq);

function require(isTrue: boolean, otherwise: string): void {
  if (!isTrue) throw new Error(otherwise);
}
