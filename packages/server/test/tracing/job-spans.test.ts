import { expect, it } from 'vitest';
import type { JobEvent } from '../../src/job/event.ts';
import type { Job, JsonObject } from '../../src/job/job.ts';
import { jobSpans } from '../../src/tracing/job-spans.ts';
import { runSpanId, traceOf } from '../../src/tracing/job-trace.ts';
import { attempt, pendingJob } from '../job/fixtures.ts';

function history(...steps: [JobEvent['type'], number, JsonObject?][]): JobEvent[] {
  return steps.map(([type, atMs, detail = {}], index) => ({
    ...{ id: index + 1, jobId: 'app-1', type, atMs, revision: index + 1, detail },
  }));
}

function endedJob(fields: Partial<Job> = {}): Job {
  const end = { status: 'SUCCEEDED', code: 'NONE', message: '', exitCode: 0 } as const;
  return pendingJob({ status: 'SUCCEEDED', end, endedAtMs: 9_000, attempt: attempt('att-2'), ...fields });
}

const SUCCESS = { status: 'SUCCEEDED', code: 'NONE', message: '', exit_code: 0 };

function spansOf(job: Job, events: JobEvent[]) {
  const told = { job, events, pastAttempts: [], links: [] };
  return jobSpans(told, traceOf(job, 'node-1'), 'node-1');
}

const times = (job: Job, events: JobEvent[]) =>
  spansOf(job, events).map(({ name, beganAtMs, endedAtMs }) => [name, beganAtMs, endedAtMs]);

it('an attempt that was withdrawn is one of the job, and the wait goes on', () => {
  const events = history(
    ['submitted', 1_000],
    ['handed_over', 2_000, { attempt: 'att-1', number: 1 }],
    ['withdrawn', 3_000, { attempt: 'att-1', reason: 'no space' }],
    ['handed_over', 4_000, { attempt: 'att-2', number: 1 }],
    ['started', 5_100, { attempt: 'att-2', started_at_ms: 5_000 }],
    ['ended', 9_000, SUCCESS],
  );
  expect(times(endedJob(), events)).toEqual([
    ['job', 1_000, 9_000],
    ['wait', 1_000, 2_000],
    ['attempt', 2_000, 3_000],
    ['launch', 2_000, 3_000],
    ['wait', 3_000, 4_000],
    ['attempt', 4_000, 9_000],
    ['launch', 4_000, 5_000],
    ['run', 5_000, 9_000],
  ]);
  expect(spansOf(endedJob(), events)[2]).toMatchObject({
    ...{ failure: null, attributes: { 'drover.withdrawn': 'no space', 'drover.attempt.id': 'att-1' } },
  });
});

it('a job that is stopped in the delay before a retry ends there', () => {
  const failure = { attempt: 'att-1', number: 1, code: 'ENTRYPOINT_FAILED', message: 'bad', exit_code: 1 };
  const events = history(
    ['submitted', 1_000],
    ['handed_over', 2_000, { attempt: 'att-1', number: 1 }],
    ['started', 2_500, { attempt: 'att-1', started_at_ms: 2_400 }],
    ['retrying', 4_000, { ...failure, next_at_ms: 60_000 }],
    ['ended', 9_000, { status: 'STOPPED', code: 'STOPPED', message: 'enough', exit_code: null }],
  );
  expect(times(endedJob({ attempt: null }), events).slice(4)).toEqual([
    ['run', 2_400, 4_000],
    ['backoff', 4_000, 9_000],
    ['wait', 9_000, 9_000],
  ]);
});

it('no span ends before it begins, whatever the clocks say', () => {
  const events = history(
    ['submitted', 5_000],
    ['handed_over', 4_000, { attempt: 'att-2', number: 1 }],
    ['started', 4_500, { attempt: 'att-2', started_at_ms: 3_000 }],
    ['ended', 2_000, SUCCESS],
  );
  for (const { beganAtMs, endedAtMs } of spansOf(endedJob({ submittedAtMs: 5_000, endedAtMs: 2_000 }), events)) {
    expect(endedAtMs).toBeGreaterThanOrEqual(beganAtMs);
  }
});

it('the same history has the same ids, that of the run is known before, and those of another job or node are others', () => {
  const events = history(
    ['submitted', 1_000],
    ['handed_over', 4_000, { attempt: 'att-2', number: 1 }],
    ['started', 5_000, { attempt: 'att-2', started_at_ms: 5_000 }],
    ['ended', 9_000, SUCCESS],
  );
  const spans = spansOf(endedJob(), events);
  expect(spansOf(endedJob(), events)).toEqual(spans);
  expect(spans.find(({ name }) => name === 'run')?.id).toBe(runSpanId('node-1', 1, 'att-2'));
  const traces = [
    traceOf(endedJob(), 'node-1'),
    traceOf(endedJob({ seq: 2 }), 'node-1'),
    traceOf(endedJob(), 'node-2'),
  ];
  expect(new Set(traces.map(({ traceId }) => traceId)).size).toBe(3);
  expect(new Set(traces.map(({ spanId }) => spanId)).size).toBe(3);
  for (const { traceId, spanId } of traces) {
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(spanId).toMatch(/^[0-9a-f]{16}$/);
  }
});
