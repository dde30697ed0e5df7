import type { Attempt, Job } from '../../src/job/job.ts';
import { NO_RESOURCES } from '../../src/job/resources.ts';

/** A PENDING job, with what a test wants different. */
export function pendingJob(fields: Partial<Job> = {}): Job {
  return {
    seq: 1,
    id: 'app-1',
    tenant: '',
    door: 'openyuanrong',
    spec: {
      entrypoint: 'true',
      runtimeEnv: { working_dir: '/tmp' },
      metadata: {},
      resources: NO_RESOURCES,
      poolLabels: [],
      stopGraceMs: 10_000,
    },
    status: 'PENDING',
    revision: 1,
    submittedAtMs: 1_000,
    attempt: null,
    array: null,
    metDependencies: [],
    retry: null,
    stop: null,
    end: null,
    endedAtMs: null,
    logBytes: 0,
    ...fields,
  };
}

export function attempt(id = 'att-1'): Attempt {
  return {
    id,
    number: 1,
    engine: 'local',
    nodeId: 'node-1',
    nodeAddress: '127.0.0.1',
    bootId: 'boot-1',
    handedOverAtMs: 2_000,
    gpus: [],
    workBytes: 0,
    driverPid: null,
    startedAtMs: null,
  };
}
