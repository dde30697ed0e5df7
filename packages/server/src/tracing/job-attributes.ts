import type { Attempt, Job, JsonObject } from '../job/job.ts';
import { DEFAULT_QUEUE } from '../queue/queue.ts';
import { type Outcome, outcomeOf, PASSED } from './outcome.ts';
import type { SpanAttributes } from './span.ts';

/** What each span of a job carries. */
export function commonAttributes({ id, tenant, spec }: Job): SpanAttributes {
  return { 'drover.job.id': id, 'drover.queue': spec.queue ?? DEFAULT_QUEUE, 'drover.tenant': tenant };
}

/** What only the span of the whole job carries. */
export function jobAttributes({ door, retry, attempt, array, spec }: Job): SpanAttributes {
  const { element } = spec;
  const attempts = (retry?.made ?? 0) + (attempt === null ? 0 : 1);
  return {
    'drover.api': door,
    ...(array === null ? { 'drover.attempts': attempts } : {}),
    ...(spec.array === undefined ? {} : { 'drover.array.size': spec.array.size }),
    ...(element === undefined ? {} : { 'drover.array.id': element.arrayId, 'drover.array.index': element.index }),
  };
}

/** Where an attempt ran; nothing of one that was withdrawn, which leaves no record. */
export function placeAttributes(attempt: Attempt | undefined): SpanAttributes {
  return attempt === undefined ? {} : { 'drover.engine': attempt.engine, 'drover.node.id': attempt.nodeId };
}

export function jobOutcome({ end }: Job): Outcome {
  if (end === null) return PASSED;
  const { status, code, message, exitCode } = end;
  return outcomeOf({ status, code, message, exit_code: exitCode });
}

/** The details of an event; what is no plain value as JSON. */
export function detailAttributes(detail: JsonObject): SpanAttributes {
  return Object.fromEntries(
    Object.entries(detail).map(([name, value]) => [
      `drover.${name}`,
      typeof value === 'object' ? JSON.stringify(value) : value,
    ]),
  );
}
