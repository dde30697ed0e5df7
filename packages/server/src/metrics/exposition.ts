import { type OpenMetricsContentType, Registry } from 'prom-client';

/** Prometheus' own text format, or OpenMetrics. */
export type ExpositionFormat = 'text' | 'openmetrics';

export interface Exposition {
  contentType: string;
  body: string;
}

/** Every metric of the registry as it is now. */
export async function exposeMetrics(registry: Registry, format: ExpositionFormat): Promise<Exposition> {
  if (format === 'text') return { contentType: registry.contentType, body: await registry.metrics() };
  const views = new Registry<OpenMetricsContentType>();
  views.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  for (const { name } of registry.getMetricsAsArray()) {
    // prom-client takes `_total` off the names of counters for good when it writes this format; here off the views'.
    views.registerMetric(Object.create(registry.getSingleMetric(name) ?? null));
  }
  return { contentType: views.contentType, body: await views.metrics() };
}
