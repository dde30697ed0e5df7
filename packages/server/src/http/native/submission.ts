import { type DroverError, droverError } from '../../errors/drover-error.ts';
import type { ArraySpec } from '../../job/array.ts';
import type { TimeLimits } from '../../job/job.ts';
import type { Submission } from '../../jobs/service.ts';
import { readDependencies } from './dependencies.ts';
import { readBody } from './read-body.ts';
import { readRetryPolicy } from './retry-policy.ts';
import { JOB_ID, type SubmitJobBody, submitJob } from './schemas/submit-job.ts';
import { inMs } from './seconds.ts';

/**
 * Reads the body of `POST /api/v1/jobs`. Nothing is passed over: what is not known is refused by name.
 *
 * @throws `INVALID_BODY`, `INVALID_JOB_ID`
 */
export function readSubmission(body: unknown, tenant: string): { submission: Submission; isDryRun: boolean } {
  const fields = readBody(submitJob, body);
  const runtimeEnv = fields.runtime_env ?? {};
  if (fields.id !== undefined && !JOB_ID.test(fields.id)) throw badId(fields.id);
  const ttlSeconds = fields.ttl_seconds_after_finished;
  const submission: Submission = {
    id: fields.id ?? null,
    tenant,
    door: 'native',
    entrypoint: fields.entrypoint,
    runtimeEnv,
    metadata: fields.metadata ?? {},
    resources: resourcesOf(fields),
    poolLabels: fields.labels ?? [],
    stopGraceMs: fields.stop_grace_seconds === undefined ? null : inMs(fields.stop_grace_seconds),
    ...(fields.queue === undefined ? {} : { queue: fields.queue }),
    ...(fields.engine === undefined ? {} : { engine: fields.engine }),
    ...(fields.engine_options === undefined ? {} : { engineOptions: fields.engine_options }),
    ...(fields.priority === undefined ? {} : { priority: fields.priority }),
    retry: readRetryPolicy(fields.max_retries, fields.retry_policy),
    timeLimits: timeLimitsOf(fields),
    after: readDependencies(fields),
    ...(fields.array === undefined ? {} : { array: readArray(fields.array) }),
    ...(ttlSeconds === undefined ? {} : { ttlAfterFinishedMs: inMs(ttlSeconds) }),
  };
  return { submission, isDryRun: fields.dry_run === true };
}

function resourcesOf({ resources = {} }: SubmitJobBody): Submission['resources'] {
  return {
    cpus: resources.cpus ?? 0,
    gpus: resources.gpus ?? 0,
    memoryBytes: resources.memory_bytes ?? 0,
    custom: resources.custom ?? {},
  };
}

function readArray({ size, max_running }: NonNullable<SubmitJobBody['array']>): ArraySpec {
  return { size, maxRunning: max_running ?? null };
}

function timeLimitsOf({ time_limit_seconds: run, queue_time_limit_seconds: queue }: SubmitJobBody): TimeLimits {
  return {
    ...(run === undefined ? {} : { runMs: inMs(run) }),
    ...(queue === undefined ? {} : { queueMs: inMs(queue) }),
  };
}

function badId(id: string): DroverError {
  const detail = 'an id has 1 to 128 letters, digits, dots, _ and -, and begins with a letter or digit';
  return droverError('INVALID_JOB_ID', { id: id.slice(0, 200), detail });
}
