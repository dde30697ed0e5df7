import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { createRequestMeter } from '../../src/metrics/http-requests.ts';
import { parseExposition, valuesOf } from './parse-exposition.ts';

const NAME = 'drover_http_request_duration_seconds';

test('answers are counted by route, method and class of status, in buckets that add up', async () => {
  const registry = new Registry();
  const { answered } = createRequestMeter(registry);
  const pattern = '/api/v1/jobs/:id/logs';
  for (const durationMs of [0.4, 2, 2.5, 20_000]) answered(pattern, 'GET', 200, durationMs);
  answered(pattern, 'GET', 304, 1);
  answered(pattern, 'POST', 507, 1);
  const metrics = parseExposition(await registry.metrics());
  const route = 'route=/api/v1/jobs/{id}/logs';
  expect(valuesOf(metrics, NAME)).toEqual({
    [`${route},method=GET,status=2xx,count`]: 4,
    [`${route},method=GET,status=2xx,sum`]: expect.closeTo(20.0049, 6),
    [`${route},method=GET,status=3xx,count`]: 1,
    [`${route},method=GET,status=3xx,sum`]: 0.001,
    [`${route},method=POST,status=5xx,count`]: 1,
    [`${route},method=POST,status=5xx,sum`]: 0.001,
  });
  const buckets = metrics
    .get(NAME)
    ?.samples.filter(
      ({ name, labels }) => name.endsWith('_bucket') && labels.method === 'GET' && labels.status === '2xx',
    );
  const counts = Object.fromEntries(buckets?.map(({ labels, value }) => [labels.le, value]) ?? []);
  expect(counts).toMatchObject({ '0.001': 1, '0.0025': 3, '0.005': 3, '10': 3, '+Inf': 4 });
});

test('methods that no route has share one label', async () => {
  const registry = new Registry();
  const { answered } = createRequestMeter(registry);
  for (const method of ['PROPFIND', 'LINK', 'M-SEARCH', '']) answered('none', method, 404, 1);
  expect(Object.keys(valuesOf(parseExposition(await registry.metrics()), NAME))).toEqual([
    'route=none,method=other,status=4xx,sum',
    'route=none,method=other,status=4xx,count',
  ]);
});
