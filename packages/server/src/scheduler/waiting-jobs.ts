import type { Demand } from './demand.ts';

/** A job that has all it needs but resources. Small: a hundred thousand of them may wait. */
export interface WaitingJob {
  id: string;
  seq: number;
  demand: Demand;
}

/** The waiting jobs in order of submission, and grouped by what they ask for. */
export interface WaitingJobs {
  readonly size: number;
  add(job: WaitingJob): void;
  remove(job: WaitingJob): void;
  /** How many waiting jobs were submitted before this one. */
  countBefore(seq: number): number;
  /** The oldest jobs of their shapes, oldest first, at most so many: what admission has to look at. */
  oldestOfEachShape(limit: number): WaitingJob[];
  /** The job of the same shape that is next behind this one. */
  nextOfShape(job: WaitingJob): WaitingJob | null;
}

export function createWaitingJobs(): WaitingJobs {
  const all: WaitingJob[] = [];
  const byShape = new Map<string, WaitingJob[]>();
  /** The first of each list in `byShape`, in order. */
  const heads: WaitingJob[] = [];

  function changeShape(shape: string, change: (alike: WaitingJob[]) => void): void {
    const alike = byShape.get(shape) ?? [];
    const before = alike[0];
    change(alike);
    const [after] = alike;
    if (before !== after) {
      if (before !== undefined) removeFrom(heads, before.seq);
      if (after !== undefined) insertInOrder(heads, after);
    }
    if (alike.length === 0) byShape.delete(shape);
    else byShape.set(shape, alike);
  }

  return {
    get size() {
      return all.length;
    },

    add(job) {
      insertInOrder(all, job);
      changeShape(job.demand.shape, (alike) => insertInOrder(alike, job));
    },

    remove(job) {
      if (!removeFrom(all, job.seq)) return;
      changeShape(job.demand.shape, (alike) => removeFrom(alike, job.seq));
    },

    countBefore: (seq) => positionOf(all, seq),

    oldestOfEachShape: (limit) => heads.slice(0, limit),

    nextOfShape(job) {
      const alike = byShape.get(job.demand.shape);
      return alike?.[positionOf(alike, job.seq + 1)] ?? null;
    },
  };
}

/** Index of the first job whose `seq` is not below the given one. */
function positionOf(jobs: readonly WaitingJob[], seq: number): number {
  let low = 0;
  let high = jobs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((jobs[middle]?.seq ?? Number.POSITIVE_INFINITY) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insertInOrder(jobs: WaitingJob[], job: WaitingJob): void {
  const last = jobs[jobs.length - 1];
  if (last === undefined || last.seq < job.seq) jobs.push(job);
  else jobs.splice(positionOf(jobs, job.seq), 0, job);
}

function removeFrom(jobs: WaitingJob[], seq: number): boolean {
  const position = positionOf(jobs, seq);
  if (jobs[position]?.seq !== seq) return false;
  // The oldest goes first nearly always, and `shift` does not move the others.
  if (position === 0) jobs.shift();
  else jobs.splice(position, 1);
  return true;
}
