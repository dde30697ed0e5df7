import type { JobPosition } from '../../job-sort.ts';

/** A job and its place in the list. */
export interface Candidate {
  seq: number;
  position: JobPosition;
}

/** An index whose order is that of a list. */
export interface SortIndex {
  /** The next jobs behind a place, in order; the first ones where it is null. */
  next(after: JobPosition | null, limit: number): Candidate[];
  /** Those of these jobs that the list can hold, in no order. */
  placesOf(seqs: readonly number[]): Candidate[];
  /** Negative where `left` comes first. */
  compare(left: JobPosition, right: JobPosition): number;
}
