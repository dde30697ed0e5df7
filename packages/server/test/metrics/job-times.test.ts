import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { elementId, newArrayState } from '../../src/job/array.ts';
import type { JobEnd } from '../../src/job/end.ts';
import type { JobEventType } from '../../src/job/event.ts';
import type { Job } from '../../src/job/job.ts';
import type { TerminalStatus } from '../../src/job/status.ts';
import { createJobTimes } from '../../src/metrics/job-times.ts';
import { attempt, pendingJob } from '../job/fixtures.ts';
import { parseExposition, valuesOf } from './parse-exposition.ts';

function endOf(status: TerminalStatus): JobEnd {
  return { status, code: 'NONE', message: '', exitCode: null };
}

function hearing() {
  const registry = new Registry();
  const hear = createJobTimes(registry);
  const told = (type: JobEventType, changed: Job, atMs = 0) =>
    hear(changed, { id: 1, jobId: changed.id, type, atMs, revision: changed.revision, detail: {} });
  const read = async (name: string) => valuesOf(parseExposition(await registry.metrics()), name);
  return { hear, told, read };
}

test('a job is measured from its submit to the start, from the hand-over, and from the start to the end', async () => {
  const { hear, told, read } = hearing();
  const submitted = pendingJob({ submittedAtMs: 1_000 });
  told('submitted', submitted);
  const handedOver = { ...submitted, attempt: { ...attempt(), handedOverAtMs: 61_000 } };
  told('handed_over', handedOver);
  const running: Job = {
    ...handedOver,
    status: 'RUNNING',
    attempt: { ...attempt(), handedOverAtMs: 61_000, startedAtMs: 61_050 },
  };
  told('started', running);
  told('stop_requested', running);
  const ended: Job = { ...running, status: 'STOPPED', end: endOf('STOPPED'), endedAtMs: 71_050 };
  told('ended', ended);
  hear(ended, null);
  expect(await read('drover_job_queue_wait_seconds')).toEqual({ count: 1, sum: 60.05 });
  expect(await read('drover_attempt_launch_seconds')).toEqual({ count: 1, sum: 0.05 });
  expect(await read('drover_attempt_run_seconds')).toEqual({ 'status=STOPPED,count': 1, 'status=STOPPED,sum': 10 });
});

test('an attempt that is followed by another is measured, and the other one has not waited since the submit', async () => {
  const { told, read } = hearing();
  const first = { ...attempt(), handedOverAtMs: 1_000, startedAtMs: 2_000 };
  const past = { number: 1, attempt: first, end: endOf('FAILED'), endedAtMs: 5_000, logBytes: 0 };
  const retrying = pendingJob({ retry: { made: 1, notBeforeMs: 6_000, last: past } });
  told('retrying', retrying);
  const second = { ...attempt('att-2'), number: 2, handedOverAtMs: 6_000, startedAtMs: 6_500 };
  told('started', { ...retrying, status: 'RUNNING', attempt: second });
  expect(await read('drover_attempt_run_seconds')).toEqual({ 'status=FAILED,count': 1, 'status=FAILED,sum': 3 });
  expect(await read('drover_attempt_launch_seconds')).toEqual({ count: 1, sum: 0.5 });
  expect(await read('drover_job_queue_wait_seconds')).toEqual({ count: 0, sum: 0 });
});

test('a job without a driver has run for no time', async () => {
  const { told, read } = hearing();
  told('ended', pendingJob({ status: 'FAILED', end: endOf('FAILED'), endedAtMs: 5_000 }));
  const past = { number: 1, attempt: null, end: endOf('FAILED'), endedAtMs: 5_000, logBytes: 0 };
  told('retrying', pendingJob({ retry: { made: 1, notBeforeMs: 6_000, last: past } }));
  expect(await read('drover_attempt_run_seconds')).toEqual({});
});

test('an array has waited until its first element starts, and its elements have not', async () => {
  const { told, read } = hearing();
  const array = pendingJob({ id: 'app-1', submittedAtMs: 1_000, array: newArrayState() });
  const element = pendingJob({
    id: elementId('app-1', 0),
    submittedAtMs: 4_000,
    attempt: { ...attempt(), startedAtMs: 4_500 },
  });
  const spec = { ...element.spec, element: { arrayId: 'app-1', index: 0, size: 2, maxRunning: null } };
  told('started', { ...element, spec, status: 'RUNNING' });
  told('started', { ...array, status: 'RUNNING' }, 4_500);
  expect(await read('drover_job_queue_wait_seconds')).toEqual({ count: 1, sum: 3.5 });
  expect(await read('drover_attempt_launch_seconds')).toEqual({ count: 1, sum: 2.5 });
});

test('a clock that was set back makes no time negative', async () => {
  const { told, read } = hearing();
  const running = pendingJob({
    submittedAtMs: 9_000,
    attempt: { ...attempt(), handedOverAtMs: 5_000, startedAtMs: 4_000 },
  });
  told('started', running);
  told('ended', { ...running, status: 'SUCCEEDED', end: endOf('SUCCEEDED'), endedAtMs: 1_000 });
  expect(await read('drover_job_queue_wait_seconds')).toEqual({ count: 1, sum: 0 });
  expect(await read('drover_attempt_launch_seconds')).toEqual({ count: 1, sum: 0 });
  expect(await read('drover_attempt_run_seconds')).toEqual({ 'status=SUCCEEDED,count': 1, 'status=SUCCEEDED,sum': 0 });
});
