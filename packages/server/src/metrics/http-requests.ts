import { Histogram, type Registry } from 'prom-client';
import { REQUEST_SECONDS } from './buckets.ts';
import { addReadCounter } from './read-metrics.ts';

/** Hears of every answer. */
export interface RequestMeter {
  /** @param route a pattern, `/api/v1/jobs/:id`, and never what a client has sent: each is a label of its own */
  answered(route: string, method: string, status: number, durationMs: number): void;
  /**
   * The details of a job at `/api/jobs/{id}` were sent or refused. Only counted: two looks at the clock and a histogram would take 2 % more
   * CPU of this request.
   */
  detailsAnswered(status: number): void;
}

/** Any other that Node can parse is `other`. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** Measures answers by route, method and class of status. */
export function createRequestMeter(registry: Registry): RequestMeter {
  const duration = new Histogram({
    name: 'drover_http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer, without answers that follow something',
    ...{ labelNames: ['route', 'method', 'status'], buckets: REQUEST_SECONDS, registers: [registry] },
  });
  /** By the first digit of the status. */
  const details: number[] = [0, 0, 0, 0, 0, 0];
  addReadCounter(registry, {
    name: 'drover_http_job_details_total',
    help: 'Answers to requests for the details of a job at /api/jobs/{id}, which are not timed',
    labelNames: ['status'],
    read: () =>
      details.map((value, index) => ({ labels: { status: `${index}xx` }, value })).filter(({ value }) => value > 0),
  });

  return {
    answered(route, method, status, durationMs) {
      const labels = {
        route: route.replace(/:(\w+)/g, '{$1}'),
        method: METHODS.has(method) ? method : 'other',
        status: `${Math.floor(status / 100)}xx`,
      };
      duration.observe(labels, durationMs / 1_000);
    },
    detailsAnswered(status) {
      const statusClass = Math.floor(status / 100);
      details[statusClass] = (details[statusClass] ?? 0) + 1;
    },
  };
}
