import type { EngineCapacity } from '../engine/engine.ts';
import type { PendingReason } from '../job/pending-reason.ts';
import { type Admitted, admit } from './admission.ts';
import type { Demand } from './demand.ts';
import { freeAtFirst, giveBack, take } from './free-resources.ts';
import { reasonToWait } from './pending-reason.ts';
import { createWaitingJobs, type WaitingJob } from './waiting-jobs.ts';

/** The books of the scheduler: who waits, who holds what. In memory, rebuilt from the store at start. */
export interface Ledger {
  addWaiting(job: WaitingJob): void;
  removeWaiting(job: WaitingJob): void;
  /** Takes the jobs that may start now out of the waiting, and gives them what they asked for. */
  admitNext(): Admitted[];
  /** Books what an adopted attempt holds, whether it fits or not. */
  occupy(demand: Demand, gpus: readonly string[]): void;
  release(demand: Demand, gpus: readonly string[]): void;
  reasonToWait(job: WaitingJob): PendingReason;
  readonly waitingCount: number;
  readonly runningCount: number;
}

export function createLedger(capacity: EngineCapacity, maxRunning: number): Ledger {
  const waiting = createWaitingJobs();
  let free = freeAtFirst(capacity);
  let running = 0;

  function occupy(demand: Demand, gpus: readonly string[]): void {
    free = take(free, demand, gpus);
    running += 1;
  }

  return {
    addWaiting: waiting.add,
    removeWaiting: waiting.remove,
    occupy,

    admitNext() {
      const admitted = admit(waiting, free, maxRunning - running);
      for (const { job, gpus } of admitted) {
        waiting.remove(job);
        occupy(job.demand, gpus);
      }
      return admitted;
    },

    release(demand, gpus) {
      free = giveBack(free, demand, gpus);
      running -= 1;
    },

    reasonToWait: ({ demand, seq }) =>
      reasonToWait({ demand, jobsAhead: waiting.countBefore(seq), capacity, free, running, maxRunning }),

    get waitingCount() {
      return waiting.size;
    },
    get runningCount() {
      return running;
    },
  };
}
