import { LOCAL_ENGINE } from '../engine/engine.ts';
import type { Job } from '../job/job.ts';
import { isTerminal } from '../job/status.ts';
import type { Engines } from './engines.ts';

/**
 * Why a stop that is on disk cannot be carried out for now, as a sentence; null where it is under way, or where none was asked for. Pure. A
 * cluster that does not answer is no such reason: the supervisors there may hear of the stop all the same.
 */
export function stopTrouble(job: Job, engines: Engines): string | null {
  const name = job.spec.engine ?? LOCAL_ENGINE;
  if (job.stop === null || isTerminal(job.status) || engines.has(name) || !isWithEngine(job)) return null;
  return `this server has no engine ${name}, and carries the stop out once it is configured again`;
}

function isWithEngine({ attempt, array }: Job): boolean {
  return array === null ? attempt !== null : array.counts.PENDING + array.counts.RUNNING > 0;
}
