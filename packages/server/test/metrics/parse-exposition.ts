/** One metric of an exposition, with its samples. */
export interface ParsedMetric {
  type: string;
  help: string;
  samples: { name: string; labels: Record<string, string>; value: number }[];
}

const SAMPLE = /^([a-z_]+)(?:\{(.*)\})? (-?[0-9.e+-]+|\+Inf)$/;
const LABEL = /^([a-z_]+)="((?:[^"\\]|\\.)*)"(?:,|$)/;

/** Reads what `/metrics` answers, strictly: what is no line of the format, or no sample of the metric above it, is an error. */
export function parseExposition(text: string): Map<string, ParsedMetric> {
  const metrics = new Map<string, ParsedMetric>();
  let name = '';
  for (const line of text.split('\n')) {
    if (line === '' || line === '# EOF') continue;
    const [, kind, described = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (kind === 'HELP') {
      if (metrics.has(described)) throw new Error(`twice there: ${described}`);
      name = described;
      metrics.set(name, { type: '', help: rest, samples: [] });
      continue;
    }
    const metric = metrics.get(name);
    if (metric === undefined) throw new Error(`belongs to no metric: ${line}`);
    if (kind === 'TYPE') metric.type = rest;
    else metric.samples.push(parseSample(line, name));
  }
  return metrics;
}

function parseSample(line: string, metric: string): ParsedMetric['samples'][number] {
  const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
  if (name === undefined || !/^(|_bucket|_sum|_count|_total)$/.test(name.replace(metric, ''))) {
    throw new Error(`no sample of ${metric}: ${line}`);
  }
  return { name, labels: parseLabels(labels), value: value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value) };
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== ''; ) {
    const match = LABEL.exec(rest);
    if (match?.[1] === undefined) throw new Error(`no labels: ${text}`);
    labels[match[1]] = match[2] ?? '';
    rest = rest.slice(match[0].length);
  }
  return labels;
}

/** The values of one metric's samples, by their labels written as `label=value,…`; a histogram's by `count`, `sum` and nothing else. */
export function valuesOf(metrics: Map<string, ParsedMetric>, name: string): Record<string, number> {
  const metric = metrics.get(name);
  if (metric === undefined) throw new Error(`there is no ${name}`);
  const values: Record<string, number> = {};
  for (const { name: sample, labels, value } of metric.samples) {
    if (sample.endsWith('_bucket')) continue;
    const suffix = metric.type === 'histogram' ? [sample.slice(name.length + 1)] : [];
    const key = [...Object.entries(labels).map(([label, text]) => `${label}=${text}`), ...suffix].join(',');
    values[key] = value;
  }
  return values;
}
