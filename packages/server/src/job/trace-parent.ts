/** The span of a client that a submit belongs to, as W3C Trace Context names it. */
export interface TraceParent {
  /** 32 hexadecimal digits, lower case, not all zero. */
  traceId: string;
  /** 16 of them. */
  spanId: string;
  isSampled: boolean;
  /** The `tracestate` that came with it. Absent: none. */
  state?: string;
}

/** As the header `traceparent`, or the variable `TRACEPARENT`. */
export function formatTraceParent({ traceId, spanId, isSampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}
