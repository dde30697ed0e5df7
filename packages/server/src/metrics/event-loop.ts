import { performance } from 'node:perf_hooks';
import { Histogram, type Registry } from 'prom-client';
import { STEP_SECONDS } from './buckets.ts';
import { addReadCounter, single } from './read-metrics.ts';

/** Often enough to see how late things are, and seldom enough to cost an idle server nothing (Node's own monitor wakes it a hundred times a second). */
const SAMPLE_EVERY_MS = 1_000;

/** Measures how late a timer is that falls due once a second: as late as whatever comes at that moment. Answers how to end that. */
export function startEventLoopLag(registry: Registry): () => void {
  const lag = new Histogram({
    name: 'drover_event_loop_lag_seconds',
    help: 'How long something that falls due waits for the event loop; sampled once a second',
    ...{ buckets: STEP_SECONDS, registers: [registry] },
  });
  addReadCounter(registry, {
    name: 'drover_event_loop_active_seconds_total',
    help: 'Time that the event loop was busy, or held by the system, and not waiting for something to do',
    read: () => single(performance.eventLoopUtilization().active / 1_000),
  });

  let timer: NodeJS.Timeout;
  function sampleLater(): void {
    const dueAtMs = performance.now() + SAMPLE_EVERY_MS;
    timer = setTimeout(() => {
      lag.observe(Math.max(0, performance.now() - dueAtMs) / 1_000);
      sampleLater();
    }, SAMPLE_EVERY_MS);
    timer.unref();
  }
  sampleLater();
  return () => clearTimeout(timer);
}
