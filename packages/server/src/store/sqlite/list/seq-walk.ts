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
}

/** Walks over jobs in the order of their submits, or against it. */
export function createSeqWalk({ range, isDescending, seek, match, findSpan }: SeqWalkOptions): Walk {
  let rest = range;
  let span: Span | null = null;

  function moveBehind(seq: number): void {
    rest = rangeBehind(rest, seq, isDescending);
    if (span !== null) span.range = rangeBehind(span.range, seq, isDescending);
    if (span !== null && isEmptyRange(span.range)) span = null;
  }

  function lookAt({ range, candidates }: Span, chunk: number): number[] {
    const end = lastSeqOf(range, isDescending);
    if (candidates === null) {
      const { examined, lastSeq, seqs } = seek(range, chunk);
      moveBehind(lastSeq === null || examined < chunk ? end : lastSeq);
      return seqs;
    }
    const next = candidates.splice(0, chunk);
    moveBehind(candidates.length === 0 ? end : (next.at(-1) ?? end));
    return match(next);
  }

  return {
    step(chunk, wanted): WalkStep {
      const startedAtMs = performance.now();
      const seqs: number[] = [];
      while (!isEmptyRange(rest)) {
        span ??= findSpan?.(rest) ?? { range: rest, candidates: null };
        const isIndexed = span.candidates !== null;
        seqs.push(...lookAt(span, chunk));
        // Where the index names the few that may match, several parts fit into one step.
        if (!isIndexed || seqs.length >= wanted || performance.now() - startedAtMs > TARGET_MS) break;
      }
      return { seqs, rest: isEmptyRange(rest) ? null : placeBefore(rest, isDescending) };
    },
  };
}

function placeBefore({ firstSeq, endSeq }: SeqRange, isDescending: boolean): JobPosition {
  return { key: 'submitted_at', seq: isDescending ? endSeq : firstSeq - 1 };
}
