import type { Job } from '../job/job.ts';
import { DEFAULT_QUEUE } from '../queue/queue.ts';
import { demandOf } from './rules/demand.ts';
import type { QueuedJob } from './rules/queued-job.ts';

/** A stored job as the rules of the queue see it. */
export function queuedJob({ id, seq, tenant, spec, array }: Job): QueuedJob {
  const arrayId = spec.element?.arrayId ?? id;
  const maxRunning = spec.array?.maxRunning ?? spec.element?.maxRunning ?? null;
  const { runMs } = spec.timeLimits ?? {};
  return {
    ...{ id, seq, tenant },
    queue: spec.queue ?? DEFAULT_QUEUE,
    priority: spec.priority ?? 0,
    demand: demandOf(spec.resources, spec.engine),
    boundMs: runMs === undefined ? null : runMs + spec.stopGraceMs,
    ...(spec.array === undefined || array === null ? {} : { array: { next: array.next, size: spec.array.size } }),
    ...(maxRunning === null ? {} : { arrayLimit: { arrayId, maxRunning } }),
  };
}
