import { type Engine, LOCAL_ENGINE } from '../engine/engine.ts';
import { EnvironmentFailure, type EnvironmentPreparer } from '../environment/environment.ts';
import { rayJobVariables } from '../environment/ray-job-config.ts';
import type { Attempt, Job } from '../job/job.ts';
import { DEFAULT_QUEUE } from '../queue/queue.ts';
import type { JobStore } from '../store/store.ts';
import { makeAttemptFolder } from './attempt-folders.ts';
import { type Engines, engineOfJob } from './engines.ts';
import { environmentRequest } from './environment-request.ts';
import type { SchedulerOptions } from './options.ts';
import type { Persist } from './persist.ts';

/** How far a start came. Only `with_engine` means that a driver may exist. */
export type StartOutcome =
  | { kind: 'with_engine'; workBytes: number }
  /** The job was stopped, has ended or is gone: there is nothing to start. */
  | { kind: 'not_wanted' }
  | { kind: 'environment_failed'; message: string }
  /** Handed over on disk, but the engine could not take it: it has to be withdrawn. */
  | { kind: 'engine_failed'; error: unknown };

export interface StartAttemptOptions {
  store: JobStore;
  engines: Engines;
  preparer: EnvironmentPreparer;
  persist: Persist;
  attemptsDir: string;
  node: { id: string; address: string };
  driverTrace?: SchedulerOptions['driverTrace'];
  now: () => number;
}

export interface StartRequest {
  jobId: string;
  attemptId: string;
  gpus: readonly string[];
  signal: AbortSignal;
}

/**
 * Makes the attempt's own environment, commits the decision to start, and only then tells the engine.
 *
 * @throws where the machine is at fault before the hand-over (no space for the folder): nothing was committed.
 */
export async function startAttempt(options: StartAttemptOptions, request: StartRequest): Promise<StartOutcome> {
  const { store, engines, preparer, persist, attemptsDir, now } = options;
  const job = await store.get(request.jobId);
  if (job === null || job.status !== 'PENDING' || job.stop !== null) return { kind: 'not_wanted' };

  const engine = engineOfJob(engines, job);
  // Where a driver of another engine runs is known when it has begun.
  const node = engine.name === LOCAL_ENGINE ? options.node : { id: '', address: '' };
  const paths = await makeAttemptFolder(attemptsDir, request.attemptId);
  let ready: Awaited<ReturnType<EnvironmentPreparer['prepareAttempt']>>;
  try {
    ready = await preparer.prepareAttempt(environmentRequest(job, engine), paths.directory, request.signal);
  } catch (error) {
    if (request.signal.aborted) return { kind: 'not_wanted' };
    if (error instanceof EnvironmentFailure) return { kind: 'environment_failed', message: error.message };
    throw error;
  }

  const handedOverAtMs = now();
  const attempt: Attempt = {
    id: request.attemptId,
    number: (job.retry?.made ?? 0) + 1,
    engine: engine.name,
    nodeId: node.id,
    nodeAddress: node.address,
    bootId: engine.bootId,
    handedOverAtMs,
    gpus: request.gpus,
    workBytes: ready.diskBytes,
    driverPid: null,
    startedAtMs: null,
  };
  const handedOver = await persist(job.id, { type: 'hand_over', atMs: handedOverAtMs, attempt });
  if (handedOver?.outcome !== 'changed') return { kind: 'not_wanted' };

  try {
    await engine.handOver(orderOf(job, attempt, ready, options.driverTrace));
  } catch (error) {
    return { kind: 'engine_failed', error };
  }
  return { kind: 'with_engine', workBytes: ready.diskBytes };
}

function orderOf(
  job: Job,
  attempt: Attempt,
  ready: { workingDirectory: string; variables: Record<string, string> },
  driverTrace: SchedulerOptions['driverTrace'],
): Parameters<Engine['handOver']>[0] {
  // A trace that the job names itself is whole.
  const trace = 'TRACEPARENT' in ready.variables ? {} : driverTrace?.(job, attempt.id);
  return {
    attemptId: attempt.id,
    jobId: job.id,
    tenant: job.tenant,
    queue: job.spec.queue ?? DEFAULT_QUEUE,
    entrypoint: job.spec.entrypoint,
    workingDirectory: ready.workingDirectory,
    variables: {
      ...trace,
      ...ready.variables,
      ...rayJobVariables(job),
      DROVER_JOB_ID: job.id,
      DROVER_ATTEMPT_NUMBER: `${attempt.number}`,
      ...arrayVariables(job),
      ...scheduleVariables(job),
    },
    resources: job.spec.resources,
    gpus: attempt.gpus,
    graceMs: job.spec.stopGraceMs,
    runLimitMs: job.spec.timeLimits?.runMs ?? null,
    poolLabels: job.spec.poolLabels,
    engineOptions: job.spec.engineOptions ?? {},
  };
}

/** By what an element of an array knows which one it is. */
function arrayVariables({ spec: { element } }: Job): Record<string, string> {
  if (element === undefined) return {};
  const { arrayId, index, size } = element;
  return { DROVER_ARRAY_ID: arrayId, DROVER_ARRAY_INDEX: `${index}`, DROVER_ARRAY_SIZE: `${size}` };
}

/** By what the job of a schedule knows which moment it is for. */
function scheduleVariables({ spec: { schedule } }: Job): Record<string, string> {
  if (schedule === undefined) return {};
  const { name, atMs } = schedule;
  return { DROVER_SCHEDULE: name, ...(atMs === null ? {} : { DROVER_SCHEDULED_AT: new Date(atMs).toISOString() }) };
}
