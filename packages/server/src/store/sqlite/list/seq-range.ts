/** Seqs from `firstSeq` (inclusive) to `endSeq` (exclusive). */
export interface SeqRange {
  firstSeq: number;
  endSeq: number;
}

export function isEmptyRange({ firstSeq, endSeq }: SeqRange): boolean {
  return firstSeq >= endSeq;
}

/** What is left of a range once everything up to `seq`, and it, was walked over. */
export function rangeBehind(range: SeqRange, seq: number, isDescending: boolean): SeqRange {
  return isDescending
    ? { firstSeq: range.firstSeq, endSeq: Math.min(range.endSeq, seq) }
    : { firstSeq: Math.max(range.firstSeq, seq + 1), endSeq: range.endSeq };
}

/** The seq of the range that a walk comes to last. */
export function lastSeqOf({ firstSeq, endSeq }: SeqRange, isDescending: boolean): number {
  return isDescending ? firstSeq : endSeq - 1;
}
