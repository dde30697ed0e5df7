import { chooseGpus, type FreeResources, fits, reserve, take } from './free-resources.ts';
import type { WaitingJob, WaitingJobs } from './waiting-jobs.ts';

/** A job that may start now, and the devices that are its own. */
export interface Admitted {
  job: WaitingJob;
  gpus: string[];
}

/** More different requests than this seldom wait at once; the jobs behind them are looked at when older ones have started. */
const MAX_SHAPES = 1_000;

/**
 * Decides which waiting jobs start now: oldest first. A job that does not fit sets aside what it could use, so
 * that a younger job starts before it only with resources that it has no use for; it is never starved. Only the oldest
 * job of each shape is looked at, so the cost grows with the number of shapes and not of jobs; and of those only the
 * {@link MAX_SHAPES} oldest, so that it has a bound.
 */
export function admit(waiting: WaitingJobs, free: FreeResources, slots: number): Admitted[] {
  const admitted: Admitted[] = [];
  if (slots <= 0 || waiting.size === 0) return admitted;
  const candidates = waiting.oldestOfEachShape(MAX_SHAPES);
  let left = free;
  for (let next = candidates.shift(); next !== undefined && admitted.length < slots; next = candidates.shift()) {
    const job = next;
    const gpus = chooseGpus(left, job.demand);
    if (gpus === null || !fits(left, job.demand)) {
      left = reserve(left, job.demand);
      continue;
    }
    left = take(left, job.demand, gpus);
    admitted.push({ job, gpus });
    const successor = waiting.nextOfShape(job);
    if (successor !== null) insertBySeq(candidates, successor);
  }
  return admitted;
}

function insertBySeq(jobs: WaitingJob[], job: WaitingJob): void {
  const position = jobs.findIndex((other) => other.seq > job.seq);
  jobs.splice(position === -1 ? jobs.length : position, 0, job);
}
