import type { JobEnd } from '../../src/job/end.ts';
import type { Attempt, Job } from '../../src/job/job.ts';
import type { JobChange } from '../../src/job/transition.ts';
import { attempt, type JobFields, pendingJob } from '../job/fixtures.ts';

/** A job as a submit hands it to the store. */
export function sampleJob(id: string, { spec, ...fields }: JobFields = {}): Job {
  return pendingJob({
    ...{ id, seq: 0, tenant: 'default', submittedAtMs: 1_700_000_000_000 },
    spec: { entrypoint: 'python main.py', runtimeEnv: {}, ...spec },
    ...fields,
  });
}

export function sampleAttempt(id: string): Attempt {
  return {
    ...attempt(id),
    nodeId: 'box-abc123',
    nodeAddress: '10.0.0.1',
    bootId: '3f2c8f1e-0000-4000-8000-000000000000',
    handedOverAtMs: 1_700_000_000_100,
    gpus: ['0', '1'],
  };
}

export const SUCCESS: JobEnd = { status: 'SUCCEEDED', code: 'NONE', message: '', exitCode: 0 };
export const FAILURE: JobEnd = { status: 'FAILED', code: 'ENTRYPOINT_FAILED', message: 'exit code 1', exitCode: 1 };
export const STOP: JobEnd = { status: 'STOPPED', code: 'STOPPED', message: 'stopped by its owner', exitCode: null };

export function handOver(attemptId: string): JobChange {
  return { type: 'hand_over', atMs: 1_700_000_000_100, attempt: sampleAttempt(attemptId) };
}

export function started(attemptId: string): JobChange {
  return { type: 'started', atMs: 1_700_000_000_200, attemptId, driverPid: 4711, startedAtMs: 1_700_000_000_190 };
}

export function ended(
  attemptId: string | null,
  end: JobEnd,
  { atMs = 1_700_000_000_300, logBytes = 0 } = {},
): JobChange {
  return { type: 'end', atMs, attemptId, end, logBytes };
}

export function retry(attemptId: string | null, end: JobEnd, { logBytes = 0 } = {}): JobChange {
  return { type: 'retry', atMs: 1_700_000_009_000, attemptId, end, logBytes, notBeforeMs: 1_700_000_010_000 };
}

export function requestStop(): JobChange {
  const atMs = 1_700_000_000_250;
  return { type: 'request_stop', atMs, stop: { requestedAtMs: atMs, reason: 'enough', graceMs: 500 } };
}
