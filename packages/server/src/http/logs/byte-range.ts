import type { LogExtent } from '../../jobs/job-log.ts';

export type RangeVerdict =
  /** No range, or one that is to be ignored (RFC 9110 14.2): everything is sent. */
  | { kind: 'whole' }
  /** `end` is exclusive. */
  | { kind: 'part'; start: number; end: number }
  | { kind: 'unsatisfiable' };

const SINGLE_RANGE = /^bytes[ \t]*=[ \t]*(?:(\d{1,15})-(\d{0,15})|-(\d{1,15}))[ \t]*$/i;

/**
 * Reads a `Range` header against the bytes that a log has. Offsets count from the beginning of the output; what a capped log has
 * dropped is left out of the part. Several ranges at once and other units are ignored, as a server may.
 */
export function readByteRange(header: string | undefined, { firstByte, endByte }: LogExtent): RangeVerdict {
  const match = header === undefined ? null : SINGLE_RANGE.exec(header);
  if (match === null) return { kind: 'whole' };
  const [, first, last, suffix] = match;
  if (suffix !== undefined) return part(Math.max(firstByte, endByte - Number(suffix)), endByte);
  if (last !== undefined && last !== '' && Number(last) < Number(first)) return { kind: 'whole' };
  const end = last === undefined || last === '' ? endByte : Math.min(endByte, Number(last) + 1);
  return part(Math.max(firstByte, Number(first)), end);
}

function part(start: number, end: number): RangeVerdict {
  return start < end ? { kind: 'part', start, end } : { kind: 'unsatisfiable' };
}
