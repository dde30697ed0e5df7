import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { postJson } from '../http/harness.ts';
import { type ParsedMetric, parseExposition } from '../metrics/parse-exposition.ts';
import { ended, eventually, submit } from './job-api.ts';
import { useServer } from './use-server.ts';

// Compares docs/metrics.md with what a server shows.

const PAGE = fileURLToPath(new URL('../../../../docs/metrics.md', import.meta.url));

const server = useServer('all');
let page: string;
let shown: Map<string, ParsedMetric>;

beforeAll(async () => {
  page = await readFile(PAGE, 'utf8');
  const args = ['--custom-resources', 'NPU=1', '--allowed-webhook-hosts', '127.0.0.1'];
  await server.start(args);
  const webhook = { url: 'http://127.0.0.1:9/', tenant: 'nobody' };
  expect((await postJson(`${server.url}/api/v1/webhooks`, webhook)).status).toBe(201);
  const schedule = { name: 'tick', cron: '* * * * * *', job: { entrypoint: 'true' } };
  expect((await postJson(`${server.url}/api/v1/schedules`, schedule)).status).toBe(201);
  await eventually('the schedule has had an occurrence', async () => (await jobsOf('tick')).length > 0);
  await ended(server.url, await submit(server.url, { entrypoint: 'true' }));
  // Its own answer is in the next one.
  for (let scrape = 0; scrape < 2; scrape += 1) {
    shown = parseExposition(await (await fetch(`${server.url}/metrics`)).text());
  }
});

async function jobsOf(schedule: string): Promise<unknown[]> {
  return (await (await fetch(`${server.url}/api/v1/jobs?schedule=${schedule}`)).json()).jobs;
}

/** The rows of the page's tables: name, type, labels. */
function documented(): Record<string, { type: string; labels: string[] }> {
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\w+) \| (.*?) ?\| .*$/gm)];
  return Object.fromEntries(
    rows.map(([, name = '', type = '', labels = '']) => [
      name,
      { type, labels: [...labels.matchAll(/`(\w+)`/g)].map(([, label = '']) => label) },
    ]),
  );
}

it('the page has every metric with its type and labels, and none that is not there', () => {
  const told = [...shown].map(([name, { type, samples }]) => {
    const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
    labels.delete('le');
    return [name, { type, labels: [...labels] }];
  });
  expect(documented()).toEqual(Object.fromEntries(told));
});

it('names follow the conventions of Prometheus', () => {
  for (const [name, { type, help }] of shown) {
    expect(name).toMatch(/^(drover|process|nodejs)_[a-z_]+$/);
    expect(name.endsWith('_total'), name).toBe(type === 'counter');
    expect(name).not.toMatch(/milli|_ms\b|minutes|_kb|_mb/);
    expect(help, name).toMatch(/^[A-Z].{5,}[^.]$/);
  }
});

it('the alerts name nothing that is not there, and the values of labels that can be', () => {
  const [scraping, alerts] = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, code = '']) => parse(code));
  expect(scraping.scrape_configs[0]).toMatchObject({
    job_name: 'drover',
    static_configs: [{ targets: ['127.0.0.1:8888'] }],
  });
  const rules: { alert: string; expr: string; annotations: { summary: string } }[] = alerts.groups[0].rules;
  expect(rules.length).toBeGreaterThan(5);
  for (const { alert, expr, annotations } of rules) {
    const names = [...expr.matchAll(/\b((?:drover|process|nodejs)_\w+)\b/g)].map(([, name = '']) => name);
    for (const name of names)
      expect(shown.has(name.replace(/_(bucket|count|sum)$/, '')), `${alert}: ${name}`).toBe(true);
    expect(annotations.summary, alert).toMatch(/\.$/);
  }
});
