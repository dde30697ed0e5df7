import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { exposeMetrics } from '../../src/metrics/exposition.ts';
import { createRequestMeter } from '../../src/metrics/http-requests.ts';
import { addReadCounter, single } from '../../src/metrics/read-metrics.ts';
import { parseExposition, valuesOf } from './parse-exposition.ts';

test('both formats show the same, in any order and at the same time', async () => {
  const registry = new Registry();
  const registers = [registry];
  new Counter({ name: 'a_total', help: 'a', labelNames: ['x'], registers }).inc({ x: 'quote " and \\' }, 3);
  new Gauge({ name: 'b', help: 'b', registers }).set(-1.5);
  new Histogram({ name: 'c_seconds', help: 'c', buckets: [1, 2], registers }).observe(1.5);
  addReadCounter(registry, { name: 'd_total', help: 'd', read: async () => single(7) });
  createRequestMeter(registry).answered('/e/:id', 'GET', 200, 20);

  const [text, openMetrics] = await Promise.all([
    exposeMetrics(registry, 'text'),
    exposeMetrics(registry, 'openmetrics'),
  ]);
  // Counters kept their names.
  expect(await exposeMetrics(registry, 'text')).toEqual(text);
  expect(text.contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(openMetrics.contentType).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  expect(openMetrics.body).toMatch(/\n# EOF\n$/);

  const inText = parseExposition(text.body);
  const inOpenMetrics = parseExposition(openMetrics.body);
  expect([...inText.keys()].map((name) => name.replace(/_total$/, ''))).toEqual([...inOpenMetrics.keys()]);
  const samples = (metrics: typeof inText) => [...metrics.values()].flatMap((metric) => metric.samples);
  expect(samples(inOpenMetrics)).toEqual(samples(inText));
  expect(valuesOf(inText, 'a_total')).toEqual({ 'x=quote \\" and \\\\': 3 });
  expect(valuesOf(inText, 'd_total')).toEqual({ '': 7 });
});
