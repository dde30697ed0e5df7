import type { EngineCapacity } from '../engine/engine.ts';
import type { PendingReason } from '../job/pending-reason.ts';
import type { Demand } from './demand.ts';
import { type FreeResources, lacking, totalOf } from './free-resources.ts';
import { describeAmount } from './refusal.ts';

/** What is known of a waiting job's surroundings at the moment of the question. */
export interface WaitingSituation {
  demand: Demand;
  jobsAhead: number;
  capacity: EngineCapacity;
  free: FreeResources;
  running: number;
  maxRunning: number;
}

/** Why a job that waits for its turn has not got it. Pure. */
export function reasonToWait(situation: WaitingSituation): PendingReason {
  const { demand, jobsAhead, running, maxRunning } = situation;
  const missing = lacking(situation.free, demand);
  if (missing !== null) {
    const total = totalOf(situation.capacity, missing.name);
    const inUse = Number((total - missing.free).toFixed(4));
    const message = `needs ${describeAmount(missing.name, missing.needed)}: ${total} in all, ${inUse} in use`;
    return { code: 'WAITING_FOR_RESOURCES', message, jobsAhead };
  }
  if (running >= maxRunning) {
    const message = `${running} drivers run already, and at most ${maxRunning} may at once (max_running)`;
    return { code: 'TOO_MANY_RUNNING', message, jobsAhead };
  }
  return jobsAhead === 0
    ? { code: 'STARTING', message: 'is about to start', jobsAhead }
    : { code: 'BEHIND_OTHERS', message: 'older jobs have the free resources set aside for them', jobsAhead };
}
