import { createHash } from 'node:crypto';
import { isElement } from '../job/array.ts';
import type { Job } from '../job/job.ts';

/** Where a job stands among traces. */
export interface JobTrace {
  traceId: string;
  /** Of the span that stands for the whole job. */
  spanId: string;
  /** The span that the submit belongs to; null where the trace begins with the job. */
  parentSpanId: string | null;
  /** Whether the trace is kept, by whoever it began with; null where that is decided here. */
  isParentSampled: boolean | null;
  /** The `tracestate`. Absent: none. */
  state?: string;
}

const TRACE_ID_DIGITS = 32;
const SPAN_ID_DIGITS = 16;

/**
 * The trace of a job: that of its submit, or one of its own. An element has one of its own in any case, since an array can have very many
 * (docs/decisions/0014). Made of what never changes, so that every server says the same.
 *
 * @param nodeId where the job is stored
 */
export function traceOf(job: Job, nodeId: string): JobTrace {
  const { traceParent } = job.spec;
  const spanId = spanIdOf(nodeId, job.seq, 'job');
  if (traceParent === undefined || isElement(job)) {
    const traceId = digits(TRACE_ID_DIGITS, [nodeId, job.seq, 'trace']);
    return { traceId, spanId, parentSpanId: null, isParentSampled: traceParent?.isSampled ?? null };
  }
  const { traceId, spanId: parentSpanId, isSampled, state } = traceParent;
  const trace = { traceId, spanId, parentSpanId, isParentSampled: isSampled };
  return state === undefined ? trace : { ...trace, state };
}

/** The same for the same part of the same job, whoever asks, and for no other. @param part such as `run` and the attempt's id */
export function spanIdOf(nodeId: string, seq: number, ...part: readonly (string | number)[]): string {
  return digits(SPAN_ID_DIGITS, [nodeId, seq, ...part]);
}

/** The span that the driver of an attempt runs in, known before the driver starts. */
export function runSpanId(nodeId: string, seq: number, attemptId: string): string {
  return spanIdOf(nodeId, seq, 'run', attemptId);
}

/** All zeros would be no id; a hash has them once in 2^64 times, and then one span is lost. */
function digits(count: number, parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, count);
}
