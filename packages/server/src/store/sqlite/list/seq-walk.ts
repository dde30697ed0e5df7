import type { JobPosition } from '../../job-sort.ts';
import type { FindSpan, Span } from '../search-index/text-spans.ts';
import { TARGET_MS } from './chunk-size.ts';
import type { MatchCandidates } from './match-candidates.ts';
import type { SeekCandidates } from './prepare-seek.ts';
import { isEmptyRange, lastSeqOf, rangeBehind, type SeqRange } from './seq-range.ts';
import type { Walk, WalkStep } from './walk.ts';

export interface SeqWalkOptions {
  range: SeqRange;
  isDescending: boolean;
  seek: SeekCandidates;
  match: MatchCandidates;
  /** Null: the search index is of no use. */
  findSpan: FindSpan | null;
  /** So many candidates are looked at before the index is asked: a text that many have is found there sooner. */
  firstLook: number;
}

/** Walks over jobs in the order of their submits, or against it. */
export function createSeqWalk({ range, isDescending, seek, match, findSpan, firstLook }: SeqWalkOptions): Walk {
  let rest = range;
  let span: Span | null = null;
  let isFirstLook = findSpan !== null && firstLook > 0;

  function moveBehind(seq: number): void {
    rest = rangeBehind(rest, seq, isDescending);
    if (span !== null) span.range = rangeBehind(span.range, seq, isDescending);
    if (span !== null && isEmptyRange(span.range)) span = null;
  }

  function scan(range: SeqRange, chunk: number): number[] {
    const { examined, lastSeq, seqs } = seek(range, chunk);
    moveBehind(lastSeq === null || examined < chunk ? lastSeqOf(range, isDescending) : lastSeq);
    return seqs;
  }

  function compare(range: SeqRange, candidates: number[], chunk: number): number[] {
    const next = candidates.splice(0, chunk);
    const last = candidates.length === 0 ? undefined : next.at(-1);
    moveBehind(last ?? lastSeqOf(range, isDescending));
    return match(next);
  }

  function look(chunk: number, wanted: number): number[] {
    if (isFirstLook) {
      isFirstLook = false;
      return scan(rest, Math.min(chunk, firstLook));
    }
    const startedAtMs = performance.now();
    const seqs: number[] = [];
    while (!isEmptyRange(rest)) {
      span ??= findSpan?.(rest) ?? { range: rest, candidates: null };
      const { range, candidates } = span;
      if (candidates === null) return [...seqs, ...scan(range, chunk)];
      seqs.push(...compare(range, candidates, chunk));
      // The index names the few that may match, so that several parts fit into one step.
      if (seqs.length >= wanted || performance.now() - startedAtMs > TARGET_MS) break;
    }
    return seqs;
  }

  return {
    step(chunk, wanted): WalkStep {
      const seqs = look(chunk, wanted);
      return { seqs, rest: isEmptyRange(rest) ? null : placeBefore(rest, isDescending) };
    },
  };
}

function placeBefore({ firstSeq, endSeq }: SeqRange, isDescending: boolean): JobPosition {
  return { key: 'submitted_at', seq: isDescending ? endSeq : firstSeq - 1 };
}
