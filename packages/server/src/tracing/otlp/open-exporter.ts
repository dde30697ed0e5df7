import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import type { TraceSettings } from '../settings.ts';
import { RefusedSpans, type TraceExporter } from '../trace-exporter.ts';
import { readableSpan } from './readable-span.ts';
import { createSampling } from './sampler.ts';

export interface ExporterOptions {
  settings: Extract<TraceSettings, { isOn: true }>;
  version: string;
  nodeId: string;
}

/** What is wrong with these lies in the spans; anything else a collector refuses can be mended there, or by the next server. */
const REFUSALS: readonly unknown[] = [400, 413];

/**
 * Opens OpenTelemetry's own exporter. It reads the process's variables for address, headers, time limit, compression and certificates, so
 * that they mean what they mean everywhere. Loading this module takes a tenth of a second and 25 MB: it is imported only where traces are on.
 */
export function openTraceExporter({ settings, version, nodeId }: ExporterOptions): TraceExporter {
  const exporter = new OTLPTraceExporter();
  const resource = defaultResource()
    .merge(
      resourceFromAttributes({
        'service.name': 'drover',
        'service.version': version,
        'service.instance.id': nodeId,
      }),
    )
    .merge(detectResources({ detectors: [envDetector] }));
  const origin = { resource, instrumentationScope: { name: 'drover', version } };

  return {
    isSampled: createSampling(settings.sampler, settings.ratio),

    async send(jobs) {
      const spans = jobs.flatMap(({ trace, spans }) => spans.map((span) => readableSpan(span, trace, origin)));
      const { code, error } = await new Promise<ExportResult>((resolve) => exporter.export(spans, resolve));
      if (code === ExportResultCode.SUCCESS) return;
      const reason = error ?? new Error('the exporter gave no reason');
      if (!REFUSALS.includes(statusOf(reason))) throw reason;
      throw new RefusedSpans(`the collector refused spans: ${reason.message}`, { cause: reason });
    },
  };
}

function statusOf(error: Error): unknown {
  return 'code' in error ? error.code : undefined;
}
