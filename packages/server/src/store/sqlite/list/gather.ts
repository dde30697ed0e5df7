import type { JobPosition } from '../../job-sort.ts';
import type { Candidate, SortIndex } from './sort-index.ts';
import type { Walk } from './walk.ts';

/** Beyond what is asked for, so that it is not sorted at every step. */
const SLACK = 1000;

/** The jobs that come first of all that match. */
export interface Gathered {
  /** In the order of the list. */
  candidates: Candidate[];
  /** False where there are more. */
  isWhole: boolean;
}

/**
 * Collects what a walk finds, in whatever order, and keeps the `most` that come first in another order.
 *
 * @param after what does not lie behind this place is left out; null: nothing
 */
export function createGathering(
  walk: Walk,
  { placesOf, compare }: SortIndex,
  { after, most }: { after: JobPosition | null; most: number },
): (chunk: number) => Gathered | null {
  let candidates: Candidate[] = [];
  let isWhole = true;

  function keepFirst(): void {
    candidates.sort((left, right) => compare(left.position, right.position));
    if (candidates.length <= most) return;
    candidates = candidates.slice(0, most);
    isWhole = false;
  }

  /** Null while the walk is not at its end. */
  return (chunk) => {
    const { seqs, rest } = walk.step(chunk, chunk);
    const places = seqs.length === 0 ? [] : placesOf(seqs);
    candidates.push(...places.filter(({ position }) => after === null || compare(position, after) > 0));
    if (rest === null || candidates.length > most + SLACK) keepFirst();
    return rest === null ? { candidates, isWhole } : null;
  };
}
