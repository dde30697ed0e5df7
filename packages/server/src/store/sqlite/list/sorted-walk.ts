import type { JobPosition } from '../../job-sort.ts';
import type { Gathered } from './gather.ts';
import type { MatchCandidates } from './match-candidates.ts';
import type { SortIndex } from './sort-index.ts';
import type { Walk, WalkStep } from './walk.ts';

export interface SortedWalkOptions {
  index: SortIndex;
  /** Null: from the beginning. */
  after: JobPosition | null;
  match: MatchCandidates;
  /** A step towards all jobs that match; null where that would be every job. */
  gather: ((chunk: number) => Gathered | null) | null;
}

/**
 * Walks over jobs in the order of an index. That is soon done where many match; few that match are sooner found by the
 * index of their filter, and sorted. Which it is shows only on the way, so both take turns until one is done.
 */
export function createSortedWalk({ index, after, match, gather }: SortedWalkOptions): Walk {
  let position = after;
  let gathered: Gathered | null = null;
  let isGathering = gather !== null;
  let isTurnToGather = false;

  function gatherStep(chunk: number, from: JobPosition): void {
    const all = gather?.(chunk) ?? null;
    if (all === null) return;
    isGathering = false;
    const candidates = all.candidates.filter((candidate) => index.compare(candidate.position, from) > 0);
    gathered = { ...all, candidates };
  }

  function indexStep(chunk: number): WalkStep {
    const candidates = gathered === null ? index.next(position, chunk) : gathered.candidates.splice(0, chunk);
    position = candidates.at(-1)?.position ?? position;
    const seqs = match(candidates.map(({ seq }) => seq));
    if (gathered === null) return { seqs, rest: candidates.length < chunk ? null : position };
    if (gathered.candidates.length > 0) return { seqs, rest: position };
    if (gathered.isWhole) return { seqs, rest: null };
    // There are more than were kept: they lie behind those.
    gathered = null;
    return { seqs, rest: position };
  }

  return {
    step(chunk) {
      if (!isGathering || !isTurnToGather || position === null) {
        isTurnToGather = true;
        return indexStep(chunk);
      }
      isTurnToGather = false;
      gatherStep(chunk, position);
      return { seqs: [], rest: position };
    },
  };
}
