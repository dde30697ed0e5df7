import type { JobResources, JobSubmission } from '@drover/client/job';
import { UsageError } from '../usage-error.ts';
import { type EngineOptions, engineOptionsOf } from './engine-options.ts';
import { jobVariables } from './environment.ts';
import { type RetryOptions, retryPolicyOf } from './retry-options.ts';
import { shellCommand } from './shell-command.ts';

/** The options of `drover submit` that describe the job, as commander parsed them. */
export interface SubmissionOptions extends RetryOptions, EngineOptions {
  id?: string;
  env?: string[];
  envFile?: string[];
  pip?: string[];
  numCpus?: number;
  numGpus?: number;
  memory?: number;
  resource?: Record<string, number>;
  metadata?: Record<string, string>;
  queue?: string;
  priority?: number;
  label?: string[];
  /** In milliseconds, as the other times. */
  grace?: number;
  timeLimit?: number;
  queueTimeLimit?: number;
  ttl?: number;
  after?: string[];
  afterAny?: string[];
  afterSuccess?: string[];
  array?: NonNullable<JobSubmission['array']>;
}

/** Where the caller stands. */
export interface Caller {
  env: Readonly<Record<string, string | undefined>>;
}

/** The body of the submit, but for its folder: only what was asked for, so that the server's defaults hold for the rest. */
export function buildSubmission(
  words: readonly string[],
  options: SubmissionOptions,
  caller: Caller,
  usage = 'drover submit [options] -- COMMAND…',
): JobSubmission {
  const entrypoint = shellCommand(words);
  if (entrypoint === '') throw new UsageError(`there is nothing to run: ${usage}`);
  const resources = requestedResources(options);
  const runtimeEnv = runtimeEnvironment(options, caller);
  const engineOptions = engineOptionsOf(options);
  const retryPolicy = retryPolicyOf(options);
  return {
    entrypoint,
    ...(options.id === undefined ? {} : { id: options.id }),
    ...(Object.keys(runtimeEnv).length === 0 ? {} : { runtime_env: runtimeEnv }),
    ...(options.metadata === undefined ? {} : { metadata: options.metadata }),
    ...(Object.keys(resources).length === 0 ? {} : { resources }),
    ...(options.queue === undefined ? {} : { queue: options.queue }),
    ...(options.engine === undefined ? {} : { engine: options.engine }),
    ...(engineOptions === undefined ? {} : { engine_options: engineOptions }),
    ...(options.priority === undefined ? {} : { priority: options.priority }),
    ...(options.label === undefined ? {} : { labels: options.label }),
    ...(options.maxRetries === undefined ? {} : { max_retries: options.maxRetries }),
    ...(retryPolicy === undefined ? {} : { retry_policy: retryPolicy }),
    ...times(options),
    ...(options.after === undefined ? {} : { after: options.after }),
    ...(options.afterAny === undefined ? {} : { after_any: options.afterAny }),
    ...(options.afterSuccess === undefined ? {} : { after_success: options.afterSuccess }),
    ...(options.array === undefined ? {} : { array: options.array }),
  };
}

function times({ timeLimit, queueTimeLimit, ttl, grace }: SubmissionOptions): Partial<JobSubmission> {
  return {
    ...(timeLimit === undefined ? {} : { time_limit_seconds: timeLimit / 1000 }),
    ...(queueTimeLimit === undefined ? {} : { queue_time_limit_seconds: queueTimeLimit / 1000 }),
    ...(ttl === undefined ? {} : { ttl_seconds_after_finished: ttl / 1000 }),
    ...(grace === undefined ? {} : { stop_grace_seconds: grace / 1000 }),
  };
}

function runtimeEnvironment(options: SubmissionOptions, caller: Caller): NonNullable<JobSubmission['runtime_env']> {
  const variables = jobVariables({ env: options.env ?? [], envFile: options.envFile ?? [] }, caller.env);
  return {
    ...(Object.keys(variables).length === 0 ? {} : { env_vars: variables }),
    ...(options.pip === undefined ? {} : { pip: options.pip }),
  };
}

function requestedResources({ numCpus, numGpus, memory, resource }: SubmissionOptions): Partial<JobResources> {
  return {
    ...(numCpus === undefined ? {} : { cpus: numCpus }),
    ...(numGpus === undefined ? {} : { gpus: numGpus }),
    ...(memory === undefined ? {} : { memory_bytes: memory }),
    ...(resource === undefined ? {} : { custom: resource }),
  };
}
