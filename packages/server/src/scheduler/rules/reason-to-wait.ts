import { LOCAL_ENGINE } from '../../engine/engine.ts';
import type { PendingReason } from '../../job/pending-reason.ts';
import {
  arrayGate,
  type Books,
  type EngineBook,
  engineBook,
  laneKey,
  queueBook,
  rationOf,
  tenantBook,
} from './books.ts';
import { lacking, totalOf } from './free-resources.ts';
import { amountsOf, type GateLack, lackAt } from './limits.ts';
import type { QueuedJob } from './queued-job.ts';
import { describeAmount } from './refusal.ts';

type Obstacle = Pick<PendingReason, 'code' | 'message' | 'lack'>;

/** Why a job that waits for its turn has not got it. @param isRoundDue whether it is yet to be looked at */
export function reasonToWait(books: Books, job: QueuedJob, isRoundDue: boolean): PendingReason {
  const jobsAhead = queueBook(books, job.queue).lanes.get(laneKey(job))?.lane.countBefore(job) ?? 0;
  const { code, message, lack } = obstacle(books, job) ?? (isRoundDue && jobsAhead === 0 ? STARTING : BEHIND_OTHERS);
  return { code, message: `${message}; ${ordinal(jobsAhead + 1)} in queue ${job.queue}`, jobsAhead, lack };
}

const STARTING: Obstacle = { code: 'STARTING', message: 'is about to start', lack: null };
const BEHIND_OTHERS: Obstacle = {
  code: 'BEHIND_OTHERS',
  message: 'what is free is set aside for jobs that come before it',
  lack: null,
};

/** What would keep the job from starting if it were the only one that waits. */
function obstacle(books: Books, job: QueuedJob): Obstacle | null {
  const { demand, queue: queueName, tenant: tenantName } = job;
  const queue = queueBook(books, queueName);
  if (queue.rules.state === 'paused') {
    return { code: 'QUEUE_PAUSED', message: `queue ${queueName} is paused`, lack: null };
  }
  const amounts = amountsOf(demand);
  const ofArray = arrayGate(books, job);
  const own = ofArray === null ? null : lackAt(ofArray, amounts);
  if (own !== null) return gateObstacle('ARRAY_LIMIT', 'the array may have', own);
  const quota = lackAt(tenantBook(books, tenantName).gate, amounts);
  if (quota !== null) return gateObstacle('TENANT_QUOTA', `tenant ${tenantName} may hold`, quota);
  const limit = lackAt(queue.gate, amounts);
  if (limit !== null) return gateObstacle('QUEUE_LIMIT', `queue ${queueName} may hold`, limit);
  return engineObstacle(engineBook(books, demand.engine), demand);
}

function gateObstacle(code: PendingReason['code'], whose: string, found: GateLack): Obstacle {
  const { name, needed, limit, used } = found;
  const lack = { resource: resourceName(name), needed, total: limit, inUse: used };
  if (name === 'running') {
    return { code, message: `${whose} ${limit} running ${limit === 1 ? 'job' : 'jobs'}, and has ${used}`, lack };
  }
  return { code, message: `needs ${describeAmount(name, needed)}: ${whose} ${limit}, ${used} in use`, lack };
}

function engineObstacle(engine: EngineBook, demand: QueuedJob['demand']): Obstacle | null {
  const { room, free, holdings } = engine;
  if (room === null) {
    const message = `needs the engine ${demand.engine}, and this server has none of that name`;
    return { code: 'ENGINE_UNAVAILABLE', message, lack: null };
  }
  const missing = lacking(free, rationOf(engine, demand));
  if (missing !== null) {
    const { name, needed } = missing;
    const total = totalOf(room.capacity, name);
    const inUse = Number((total - missing.free).toFixed(4));
    const message = `needs ${describeAmount(name, needed)}: ${total} in all, ${inUse} in use`;
    return { code: 'WAITING_FOR_RESOURCES', message, lack: { resource: resourceName(name), needed, total, inUse } };
  }
  const { maxRunning } = room;
  if (holdings.size < maxRunning) return null;
  const where = demand.engine === LOCAL_ENGINE ? '' : ` on ${demand.engine}`;
  const drivers = holdings.size === 1 ? '1 driver runs' : `${holdings.size} drivers run`;
  const message = `${drivers} already${where}, and at most ${maxRunning} may at once (max_running)`;
  return {
    code: 'TOO_MANY_RUNNING',
    message,
    lack: { resource: 'running', needed: 1, total: maxRunning, inUse: holdings.size },
  };
}

/** As clients name it in a submit. */
function resourceName(name: string): string {
  if (name === 'memoryBytes') return 'memory_bytes';
  return name.startsWith('custom:') ? name.slice('custom:'.length) : name;
}

const ORDINALS = new Intl.PluralRules('en', { type: 'ordinal' });

/** 1st, 2nd, 3rd, 4th, 11th, 21st. */
function ordinal(place: number): string {
  const rule = ORDINALS.select(place);
  return `${place}${{ one: 'st', two: 'nd', few: 'rd', other: 'th', zero: 'th', many: 'th' }[rule]}`;
}
