import type { Job } from '../../job/job.ts';
import { driverExitCode } from './exit-code.ts';
import { jobErrorType, jobMessage, type MessageContext } from './job-message.ts';

/**
 * A job as Ray shows it, as JSON text: exactly the 15 fields of its `JobDetails`, in its order. What only a Ray cluster has (the driver's
 * own job id, the agent of a node) is null.
 */
export function renderJobDetails(job: Job, context: MessageContext): string {
  const { attempt, spec } = job;
  // An attempt that was handed over has no driver yet, and its node may change.
  const driver = attempt !== null && attempt.startedAtMs !== null ? attempt : null;
  return JSON.stringify({
    type: 'SUBMISSION',
    job_id: null,
    submission_id: job.id,
    driver_info: null,
    status: job.status,
    entrypoint: spec.entrypoint,
    message: jobMessage(job, context),
    error_type: jobErrorType(job),
    start_time: job.submittedAtMs,
    end_time: job.endedAtMs,
    metadata: spec.metadata,
    runtime_env: spec.runtimeEnv,
    driver_agent_http_address: null,
    driver_node_id: driver?.nodeId ?? null,
    driver_exit_code: driverExitCode(job),
  });
}
