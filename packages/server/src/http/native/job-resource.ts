import { LOCAL_ENGINE } from '../../engine/engine.ts';
import type { JobEnd } from '../../job/end.ts';
import type { JobEvent } from '../../job/event.ts';
import type { Attempt, Job, JobSpec } from '../../job/job.ts';
import type { PendingReason } from '../../job/pending-reason.ts';
import { DEFAULT_QUEUE } from '../../queue/queue.ts';
import type { TenantEvent } from '../../store/store.ts';
import { dependenciesResource } from './dependencies.ts';
import { retryPolicyResource } from './retry-policy.ts';
import type { attempt as attemptSchema, end as endSchema, job as jobSchema } from './schemas/job.ts';
import type { jobEvent, tenantEvent } from './schemas/job-event.ts';
import type { Sent } from './schemas/sent.ts';
import { inSeconds } from './seconds.ts';

export type SentJob = Sent<typeof jobSchema>;

/** What of a job is computed when it is read. */
export interface JobAtMoment {
  /** Null unless the job is PENDING. */
  pendingReason: PendingReason | null;
  /** Null unless it is to be stopped, and that cannot be done for now. */
  stopTrouble: string | null;
}

/** A job as the native API shows it. @param moment null for a job of another time */
export function jobResource(job: Job, moment: JobAtMoment | null): SentJob {
  const { pendingReason, stopTrouble } = moment ?? { pendingReason: null, stopTrouble: null };
  const { spec, attempt, stop, end } = job;
  const { cpus, gpus, memoryBytes, custom } = spec.resources;
  return {
    id: job.id,
    tenant: job.tenant,
    door: job.door,
    status: job.status,
    entrypoint: spec.entrypoint,
    runtime_env: spec.runtimeEnv,
    metadata: spec.metadata,
    resources: { cpus, gpus, memory_bytes: memoryBytes, custom },
    queue: spec.queue ?? DEFAULT_QUEUE,
    engine: spec.engine ?? LOCAL_ENGINE,
    engine_options: spec.engineOptions ?? {},
    priority: spec.priority ?? 0,
    labels: spec.poolLabels,
    ...limitsResource(spec),
    ...dependenciesResource(spec.after),
    array: arrayResource(job),
    element: elementResource(spec),
    schedule: scheduledResource(spec),
    retry_of: spec.retryOf ?? null,
    submitted_at: timeText(job.submittedAtMs),
    started_at: timeOrNull(attempt?.startedAtMs ?? null),
    ended_at: timeOrNull(job.endedAtMs),
    pending_reason: pendingReason === null ? null : reasonResource(pendingReason),
    attempt: attempt === null ? null : attemptResource(attempt),
    retries: retriesResource(job),
    stop:
      stop === null ? null : { requested_at: timeText(stop.requestedAtMs), reason: stop.reason, trouble: stopTrouble },
    end: end === null ? null : endResource(end),
    revision: job.revision,
  };
}

/** One line of a job's history. */
export function eventResource({ id, jobId, type, atMs, revision, detail }: JobEvent): Sent<typeof jobEvent> {
  return { id, job_id: jobId, type, at: timeText(atMs), revision, detail };
}

/** The same in the history of all jobs. */
export function tenantEventResource(event: TenantEvent): Sent<typeof tenantEvent> {
  return { ...eventResource(event), tenant: event.tenant };
}

function limitsResource({ retry, timeLimits, ttlAfterFinishedMs }: JobSpec) {
  return {
    max_retries: retry?.maxRetries ?? 0,
    retry_policy: retry === undefined ? null : retryPolicyResource(retry),
    time_limit_seconds: inSeconds(timeLimits?.runMs),
    queue_time_limit_seconds: inSeconds(timeLimits?.queueMs),
    ttl_seconds_after_finished: inSeconds(ttlAfterFinishedMs),
  };
}

function arrayResource({ spec, array }: Job) {
  if (spec.array === undefined || array === null) return null;
  const { size, maxRunning } = spec.array;
  const { PENDING, RUNNING, SUCCEEDED, FAILED, STOPPED } = array.counts;
  return {
    ...{ size, max_running: maxRunning, waiting: size - array.next + PENDING, running: RUNNING },
    ...{ succeeded: SUCCEEDED, failed: FAILED, stopped: STOPPED },
  };
}

function elementResource({ element }: JobSpec) {
  return element === undefined ? null : { array: element.arrayId, index: element.index, size: element.size };
}

function scheduledResource({ schedule }: JobSpec) {
  return schedule === undefined ? null : { name: schedule.name, scheduled_at: timeOrNull(schedule.atMs) };
}

function retriesResource({ retry, status }: Job) {
  if (retry === null) return { made: 0, next_at: null, last_end: null };
  const isNext = status === 'PENDING';
  return {
    made: retry.made,
    next_at: isNext ? timeText(retry.notBeforeMs) : null,
    last_end: endResource(retry.last.end),
  };
}

function reasonResource({ code, message, jobsAhead, lack }: PendingReason) {
  if (lack === null) return { code, message, jobs_ahead: jobsAhead, lack };
  const { resource, needed, total, inUse } = lack;
  return { code, message, jobs_ahead: jobsAhead, lack: { resource, needed, total, in_use: inUse } };
}

export function attemptResource({
  id,
  number,
  engine,
  nodeId,
  nodeAddress,
  driverPid,
  gpus,
}: Attempt): Sent<typeof attemptSchema> {
  return {
    ...{ id, number, engine, driver_pid: driverPid, gpus },
    // Where a driver of a cluster runs is not known before it does.
    ...{ node_id: nodeId || null, node_address: nodeAddress || null },
  };
}

export function endResource({ code, message, exitCode }: JobEnd): Sent<typeof endSchema> {
  return { code, message, exit_code: exitCode };
}

export function timeText(atMs: number): string {
  return new Date(atMs).toISOString();
}

export function timeOrNull(atMs: number | null): string | null {
  return atMs === null ? null : timeText(atMs);
}
