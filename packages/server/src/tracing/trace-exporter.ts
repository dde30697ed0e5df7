import type { JobTrace } from './job-trace.ts';
import type { Span } from './span.ts';

/** The spans of one job. */
export interface TracedSpans {
  trace: JobTrace;
  spans: readonly Span[];
}

/** Sends spans to a collector. */
export interface TraceExporter {
  /** Whether a trace is kept: the same answer for the same trace. */
  isSampled(trace: JobTrace): boolean;
  /**
   * Resolves when the collector has taken them.
   * @throws {RefusedSpans} where it will never take these; anything else means that it could not be reached, or asks for patience
   */
  send(jobs: readonly TracedSpans[]): Promise<void>;
}

/** The collector does not want these spans, however often they are sent. */
export class RefusedSpans extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'RefusedSpans';
  }
}
