import type { Job } from '../job/job.ts';

const NAME = 'RAY_JOB_CONFIG_JSON_ENV_VAR';

/** Linux takes no longer variable (MAX_ARG_STRLEN), its name, `=` and closing NUL included. */
const MAX_VARIABLE_BYTES = 128 * 1024;

/**
 * What Ray tells a driver of its job: the runtime environment and the metadata, with the job's id under both of Ray's names (the job's
 * metadata win). Empty for jobs of other doors, and where it is longer than a variable can be: such a driver would not start.
 */
export function rayJobVariables({ id, door, spec }: Pick<Job, 'id' | 'door' | 'spec'>): Record<string, string> {
  if (door !== 'ray') return {};
  const metadata = { job_submission_id: id, job_name: id, ...spec.metadata };
  const config = JSON.stringify({ runtime_env: spec.runtimeEnv, metadata });
  return NAME.length + Buffer.byteLength(config) + 2 > MAX_VARIABLE_BYTES ? {} : { [NAME]: config };
}
