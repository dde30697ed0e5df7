import { type SpanContext, SpanKind, SpanStatusCode, TraceFlags, type TraceState } from '@opentelemetry/api';
import { millisToHrTime, TraceState as ParsedTraceState } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { JobTrace } from '../job-trace.ts';
import type { Span } from '../span.ts';

/** Whose spans they are. */
export interface SpanOrigin {
  resource: Resource;
  instrumentationScope: { name: string; version: string };
}

/** A finished span as exporters want it. The SDK's tracers are passed by: their spans get ids at random, and begin and end in one process. */
export function readableSpan(span: Span, trace: JobTrace, origin: SpanOrigin): ReadableSpan {
  const { traceId, parentSpanId, state } = trace;
  const traceState = state === undefined ? undefined : new ParsedTraceState(state);
  const contextOf = (spanId: string) => spanContext(traceId, spanId, true, traceState);
  const context = contextOf(span.id);
  // The client's span, of which the job's is a child, is another process's.
  const parent =
    span.parentId === null ? null : { ...contextOf(span.parentId), isRemote: span.parentId === parentSpanId };
  const ok = { code: SpanStatusCode.UNSET };
  return {
    ...origin,
    name: span.name,
    kind: span.id === trace.spanId ? SpanKind.CONSUMER : SpanKind.INTERNAL,
    spanContext: () => context,
    ...(parent === null ? {} : { parentSpanContext: parent }),
    startTime: millisToHrTime(span.beganAtMs),
    endTime: millisToHrTime(span.endedAtMs),
    duration: millisToHrTime(span.endedAtMs - span.beganAtMs),
    status: span.failure === null ? ok : { code: SpanStatusCode.ERROR, message: span.failure },
    attributes: span.attributes,
    links: span.links.map(({ traceId: id, spanId, isSampled, attributes }) => ({
      context: spanContext(id, spanId, isSampled),
      attributes,
    })),
    events: span.moments.map(({ name, atMs, attributes }) => ({ name, time: millisToHrTime(atMs), attributes })),
    ended: true,
    ...{ droppedAttributesCount: 0, droppedEventsCount: 0, droppedLinksCount: 0 },
  };
}

function spanContext(traceId: string, spanId: string, isSampled: boolean, traceState?: TraceState): SpanContext {
  const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return { traceId, spanId, traceFlags, ...(traceState === undefined ? {} : { traceState }) };
}
