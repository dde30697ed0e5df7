import type { JobEvent } from '../job/event.ts';
import type { Attempt, Job } from '../job/job.ts';
import { commonAttributes, detailAttributes, jobAttributes, jobOutcome, placeAttributes } from './job-attributes.ts';
import { type JobTrace, runSpanId, spanIdOf } from './job-trace.ts';
import { type Phase, phasesOf } from './phases.ts';
import type { Moment, Span, SpanLink } from './span.ts';

/** All that is stored of a job that has ended. */
export interface JobHistory {
  job: Job;
  /** Oldest first. */
  events: readonly JobEvent[];
  /** Those that were followed by another. */
  pastAttempts: readonly Attempt[];
  links: readonly SpanLink[];
}

type Wait = Extract<Phase, { kind: 'wait' }>;
type Try = Extract<Phase, { kind: 'attempt' }>;
type Part = Pick<Span, 'id' | 'parentId' | 'name' | 'beganAtMs' | 'endedAtMs'> & Partial<Span>;

/** What happens to a job without being the border of a phase. */
const MOMENTS: readonly JobEvent['type'][] = ['dependencies_met', 'stop_requested'];

/**
 * The spans of a job that has ended: the whole, its waits, and each attempt with its launch and its run. The same history makes the
 * same spans, ids included. Pure.
 *
 * @param nodeId where the job is stored
 */
export function jobSpans({ job, events, pastAttempts, links }: JobHistory, trace: JobTrace, nodeId: string): Span[] {
  const attempts = [...pastAttempts, ...(job.attempt === null ? [] : [job.attempt])];
  const common = commonAttributes(job);
  const spanId = (...part: (string | number)[]) => spanIdOf(nodeId, job.seq, ...part);

  function waitSpans({ number, fromMs, backoffUntilMs, toMs, outcome }: Wait): Part[] {
    const dueAtMs = Math.min(Math.max(fromMs, backoffUntilMs), toMs);
    const parentId = trace.spanId;
    const backoff = { id: spanId('backoff', number), parentId, name: 'backoff', beganAtMs: fromMs, endedAtMs: dueAtMs };
    const wait = {
      id: spanId('wait', number),
      parentId,
      name: 'wait',
      beganAtMs: dueAtMs,
      endedAtMs: toMs,
      ...outcome,
    };
    return dueAtMs > fromMs ? [backoff, wait] : [wait];
  }

  function attemptSpans({ id, number, fromMs, startedAtMs, toMs, outcome }: Try): Part[] {
    const own = { 'drover.attempt.id': id, 'drover.attempt.number': number };
    const attributes = { ...own, ...placeAttributes(attempts.find((one) => one.id === id)), ...outcome.attributes };
    const { failure } = outcome;
    const parentId = spanId('attempt', id);
    const whole = { id: parentId, parentId: trace.spanId, name: 'attempt', beganAtMs: fromMs, endedAtMs: toMs };
    const launch = { id: spanId('launch', id), parentId, name: 'launch', beganAtMs: fromMs };
    const parts: Part[] = [{ ...whole, attributes, failure }];
    if (startedAtMs === null) return [...parts, { ...launch, endedAtMs: toMs, attributes: own, failure }];
    const run = { id: runSpanId(nodeId, job.seq, id), parentId, name: 'run', beganAtMs: startedAtMs, endedAtMs: toMs };
    return [...parts, { ...launch, endedAtMs: startedAtMs, attributes: own }, { ...run, attributes, failure }];
  }

  const phases = phasesOf(events).flatMap((phase) => (phase.kind === 'wait' ? waitSpans(phase) : attemptSpans(phase)));
  const { attributes, failure } = jobOutcome(job);
  const whole: Part = {
    ...{ id: trace.spanId, parentId: trace.parentSpanId, name: 'job', failure, links, moments: momentsOf(events) },
    ...{ beganAtMs: job.submittedAtMs, endedAtMs: job.endedAtMs ?? job.submittedAtMs },
    attributes: { ...attributes, ...jobAttributes(job) },
  };
  return [whole, ...phases].map((part) => ({
    ...{ failure: null, moments: [], links: [] },
    ...part,
    endedAtMs: Math.max(part.beganAtMs, part.endedAtMs),
    attributes: { ...common, ...part.attributes },
  }));
}

function momentsOf(events: readonly JobEvent[]): Moment[] {
  return events
    .filter(({ type }) => MOMENTS.includes(type))
    .map(({ type, atMs, detail }) => ({ name: type, atMs, attributes: detailAttributes(detail) }));
}
