import type { Demand } from './demand.ts';

/** A job as the rules of the queue see it. Small: a hundred thousand of them may wait. */
export interface QueuedJob {
  readonly id: string;
  /** Order of submission; unique. */
  readonly seq: number;
  readonly queue: string;
  readonly tenant: string;
  /** Higher ones come first within queue and tenant. */
  readonly priority: number;
  readonly demand: Demand;
  /** The longest time that it can hold its resources once it has started: time limit and grace; null: nobody knows. */
  readonly boundMs: number | null;
  /** Present in an array, which waits until its last element has started. */
  readonly array?: QueuedArray;
  /** Of an array and of its elements: how many of them run at once. */
  readonly arrayLimit?: { arrayId: string; maxRunning: number };
}

/** An array whose elements have not all had their turn: it waits as one job, and starts once for each. */
export interface QueuedArray {
  /** The next element to start. */
  next: number;
  readonly size: number;
}

/** What orders the jobs of one tenant within a tier of queues. */
export type Rank = Pick<QueuedJob, 'priority' | 'seq'>;

/** Negative where `left` comes first. */
export function compareRank(left: Rank, right: Rank): number {
  return right.priority - left.priority || left.seq - right.seq;
}
