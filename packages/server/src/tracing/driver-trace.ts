import type { Job } from '../job/job.ts';
import { formatTraceParent, type TraceParent } from '../job/trace-parent.ts';
import { type JobTrace, runSpanId, traceOf } from './job-trace.ts';

/** What a driver finds in its environment, so that its own spans join the trace. */
export type DriverTrace = (job: Job, attemptId: string) => Record<string, string>;

/** Without traces of Drover's own, a driver belongs to the span of the submit. */
export const passOnTrace: DriverTrace = ({ spec }) =>
  spec.traceParent === undefined ? {} : variablesOf(spec.traceParent);

/** A driver belongs to the span of its run. @param isSampled whether the trace is kept */
export function joinRunSpan(nodeId: string, isSampled: (trace: JobTrace) => boolean): DriverTrace {
  return (job, attemptId) => {
    const trace = traceOf(job, nodeId);
    const { traceId, state } = trace;
    const run = { traceId, spanId: runSpanId(nodeId, job.seq, attemptId), isSampled: isSampled(trace) };
    return variablesOf(state === undefined ? run : { ...run, state });
  };
}

function variablesOf(parent: TraceParent): Record<string, string> {
  const variables = { TRACEPARENT: formatTraceParent(parent) };
  return parent.state === undefined ? variables : { ...variables, TRACESTATE: parent.state };
}
