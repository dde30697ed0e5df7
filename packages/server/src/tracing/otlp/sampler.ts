import { ROOT_CONTEXT, SpanKind, TraceFlags, trace as traceApi } from '@opentelemetry/api';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  SamplingDecision,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace';
import type { JobTrace } from '../job-trace.ts';
import type { SamplerName } from '../settings.ts';

/** Answers whether a trace is kept. */
export function createSampling(name: SamplerName, ratio: number): (trace: JobTrace) => boolean {
  const sampler = samplerOf(name, ratio);
  return ({ traceId, spanId, parentSpanId, isParentSampled }) => {
    const traceFlags = isParentSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
    const parent = { traceId, spanId: parentSpanId ?? spanId, traceFlags, isRemote: true };
    const context = isParentSampled === null ? ROOT_CONTEXT : traceApi.setSpanContext(ROOT_CONTEXT, parent);
    const { decision } = sampler.shouldSample(context, traceId, 'job', SpanKind.CONSUMER, {}, []);
    return decision === SamplingDecision.RECORD_AND_SAMPLED;
  };
}

function samplerOf(name: SamplerName, ratio: number): Sampler {
  switch (name) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(ratio);
    case 'parentbased_always_on':
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
  }
}
