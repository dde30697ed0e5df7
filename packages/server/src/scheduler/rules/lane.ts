import { createOrderedJobs, type OrderedJobs } from './ordered-jobs.ts';
import type { QueuedJob, Rank } from './queued-job.ts';

/** The waiting jobs of one tenant in one queue. */
export interface Lane {
  readonly size: number;
  /** Answers whether the job is the first of those that are alike, so that there is something new to look at. */
  add(job: QueuedJob): boolean;
  /** Answers whether it was the first of those that are alike. */
  remove(job: QueuedJob): boolean;
  countBefore(rank: Rank): number;
  /** The first jobs of each kind: the next one behind a rank, or the very first. */
  nextHead(after: Rank | null): QueuedJob | null;
}

export function createLane(): Lane {
  const all = createOrderedJobs();
  const byKind = new Map<string, OrderedJobs>();
  const heads = createOrderedJobs();

  function changeKind(job: QueuedJob, change: (alike: OrderedJobs) => void): boolean {
    const kind = kindOf(job);
    const alike = byKind.get(kind) ?? createOrderedJobs();
    const before = alike.first;
    change(alike);
    const after = alike.first;
    if (alike.size === 0) byKind.delete(kind);
    else byKind.set(kind, alike);
    if (before === after) return false;
    if (before !== null) heads.remove(before);
    if (after !== null) heads.add(after);
    return true;
  }

  return {
    get size() {
      return all.size;
    },

    add(job) {
      all.add(job);
      return changeKind(job, (alike) => alike.add(job));
    },

    remove(job) {
      return all.remove(job) && changeKind(job, (alike) => alike.remove(job));
    },

    countBefore: all.countBefore,
    nextHead: (after) => (after === null ? heads.first : heads.nextAfter(after)),
  };
}

/** Jobs of one lane with the same kind are alike to the rules, but for their order. */
function kindOf({ demand, boundMs, arrayLimit }: QueuedJob): string {
  const kind = boundMs === null ? demand.shape : `${demand.shape}${boundMs}`;
  // An array with a limit of its own must not hold up others.
  return arrayLimit === undefined ? kind : `${kind} ${arrayLimit.arrayId}`;
}
