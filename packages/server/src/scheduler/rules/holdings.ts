import type { Demand } from './demand.ts';
import type { FreeResources } from './free-resources.ts';
import { devicesFor, giveBack } from './free-resources.ts';
import { lowestIndex } from './ordered-jobs.ts';
import type { QueuedJob } from './queued-job.ts';

/** What a running job holds. */
export interface Holding {
  job: QueuedJob;
  gpus: readonly string[];
  /** When its bound ends it at the latest; null: nobody knows. */
  endsAtMs: number | null;
}

type BoundedHolding = Holding & { endsAtMs: number };

/** When a job starts at the latest, and the devices that it is given then. */
export interface LatestStart {
  atMs: number;
  gpus: readonly string[];
}

/** The running jobs by id, and those with a bound in the order of their ends. */
export interface Holdings {
  readonly size: number;
  all(): Iterable<Holding>;
  add(holding: Holding): void;
  remove(jobId: string): Holding | undefined;
  /** Counts the bound from another moment: the driver has begun. */
  restart(jobId: string, startedAtMs: number): void;
  /** When the demand fits at the latest, if every job ends at its bound; null where that is not known. */
  latestStart(free: FreeResources, demand: Demand, nowMs: number): LatestStart | null;
}

export function createHoldings(): Holdings {
  const byJob = new Map<string, Holding>();
  const ending: BoundedHolding[] = [];

  function enlist(holding: Holding): void {
    if (!isBounded(holding)) return;
    const { endsAtMs } = holding;
    ending.splice(
      lowestIndex(ending.length, (index) => endOf(ending[index]) > endsAtMs),
      0,
      holding,
    );
  }

  function delist(holding: Holding): void {
    if (!isBounded(holding)) return;
    const { endsAtMs } = holding;
    let index = lowestIndex(ending.length, (candidate) => endOf(ending[candidate]) >= endsAtMs);
    while (index < ending.length && ending[index] !== holding) index += 1;
    ending.splice(index, 1);
  }

  return {
    get size() {
      return byJob.size;
    },
    all: () => byJob.values(),

    add(holding) {
      byJob.set(holding.job.id, holding);
      enlist(holding);
    },

    remove(jobId) {
      const holding = byJob.get(jobId);
      if (holding === undefined) return undefined;
      byJob.delete(jobId);
      delist(holding);
      return holding;
    },

    restart(jobId, startedAtMs) {
      const holding = byJob.get(jobId);
      if (holding === undefined || holding.job.boundMs === null) return;
      delist(holding);
      holding.endsAtMs = startedAtMs + holding.job.boundMs;
      enlist(holding);
    },

    latestStart(free, demand, nowMs) {
      // Nothing but what others have set aside may stand in its way.
      const atOnce = devicesFor(free, demand);
      if (atOnce !== null) return { atMs: nowMs, gpus: atOnce };
      let later = free;
      for (const [index, { job, gpus, endsAtMs }] of ending.entries()) {
        later = giveBack(later, job.demand, gpus);
        const atMs = Math.max(nowMs, endsAtMs);
        // What ends at one moment is free at that moment, all of it.
        if (Math.max(nowMs, endOf(ending[index + 1])) === atMs) continue;
        const given = devicesFor(later, demand);
        if (given !== null) return { atMs, gpus: given };
      }
      return null;
    },
  };
}

function isBounded(holding: Holding): holding is BoundedHolding {
  return holding.endsAtMs !== null;
}

function endOf(holding: BoundedHolding | undefined): number {
  return holding?.endsAtMs ?? Number.POSITIVE_INFINITY;
}
