import type { Attempt, Job, JobSpec } from '../../src/job/job.ts';
import { NO_RESOURCES } from '../../src/job/resources.ts';

/** What a test wants different in a job, and in what was asked for. */
export type JobFields = Partial<Omit<Job, 'spec'>> & { spec?: Partial<JobSpec> };

/** A PENDING job. */
export function pendingJob({ spec, ...fields }: JobFields = {}): Job {
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
      ...spec,
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
