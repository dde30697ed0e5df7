import { Counter, Gauge, type Registry } from 'prom-client';

/** One value as it is at the moment of a scrape. */
export interface Sample {
  /** One value for each label of the metric. */
  labels: Record<string, string>;
  value: number;
}

export interface ReadMetric {
  name: string;
  help: string;
  labelNames?: readonly string[];
  /** Asked at every scrape; what it does not name any more is gone from the metric. */
  read(): Iterable<Sample> | Promise<Iterable<Sample>>;
}

/** A gauge that costs nothing until somebody asks for it. */
export function addReadGauge(registry: Registry, { name, help, labelNames = [], read }: ReadMetric): void {
  const gauge: Gauge = new Gauge({
    ...{ name, help, labelNames, registers: [registry] },
    async collect() {
      const samples = await read();
      gauge.reset();
      for (const { labels, value } of samples) gauge.set(labels, value);
    },
  });
}

/** The same for what only grows, and is counted elsewhere. */
export function addReadCounter(registry: Registry, { name, help, labelNames = [], read }: ReadMetric): void {
  const counter: Counter = new Counter({
    ...{ name, help, labelNames, registers: [registry] },
    async collect() {
      const samples = await read();
      counter.reset();
      for (const { labels, value } of samples) counter.inc(labels, value);
    },
  });
}

/** The only sample of a metric without labels. */
export function single(value: number): Sample[] {
  return [{ labels: {}, value }];
}
