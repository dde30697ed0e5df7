import type { JobPosition } from '../../job-sort.ts';

/** Goes through the jobs of a list in its order, a chunk of candidates at a time. */
export interface Walk {
  /**
   * Looks at the next candidates.
   *
   * @param chunk so many candidates at once
   * @param wanted matches that are needed yet: more may be found, and fewer
   */
  step(chunk: number, wanted: number): WalkStep;
}

export interface WalkStep {
  /** Of the jobs that match, in the order of the list. */
  seqs: number[];
  /** Behind which place nothing was looked at yet; null where nothing is left. */
  rest: JobPosition | null;
}
