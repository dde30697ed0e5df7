import type { JobEnd } from '../../job/end.ts';
import type { Job } from '../../job/job.ts';
import type { PendingReason } from '../../job/pending-reason.ts';
import { requestedAmounts } from '../../job/resources.ts';
import { signedExitCode } from './exit-code.ts';

/** What a job's message depends on beside the job. */
export interface MessageContext {
  /** Why it waits; null unless it is PENDING. */
  pendingReason: PendingReason | null;
  /** The last lines of its log; empty unless its command failed. */
  lastLines: string;
}

/** The state of a job in Ray's words. */
export function jobMessage(job: Job, context: MessageContext): string {
  switch (job.status) {
    case 'PENDING':
      return pendingMessage(job, context.pendingReason);
    case 'RUNNING':
      return 'Job is currently running.';
    case 'STOPPED':
      return 'Job was intentionally stopped.';
    case 'SUCCEEDED':
      return 'Job finished successfully.';
    case 'FAILED':
      return job.end === null ? '' : failureMessage(job.end, context.lastLines);
  }
}

/** Whether the message of a job has the last lines of its log in it. */
export function isCommandFailure({ status, end }: Job): boolean {
  return status === 'FAILED' && (end?.code === 'ENTRYPOINT_FAILED' || end?.code === 'OUT_OF_MEMORY');
}

/** Ray's name for the reason of a failure; null for a job that did not fail. */
export function jobErrorType({ status, end }: Job): string | null {
  if (status !== 'FAILED' || end === null) return null;
  switch (end.code) {
    case 'ENTRYPOINT_FAILED':
    case 'OUT_OF_MEMORY':
      return 'JOB_ENTRYPOINT_COMMAND_ERROR';
    case 'ENVIRONMENT_FAILED':
      return 'RUNTIME_ENV_SETUP_FAILURE';
    case 'DRIVER_LOST':
      return 'JOB_SUPERVISOR_ACTOR_DIED';
    case 'UNSCHEDULABLE':
      return 'JOB_SUPERVISOR_ACTOR_UNSCHEDULABLE';
    default:
      return 'JOB_SUPERVISOR_ACTOR_UNKNOWN_FAILURE';
  }
}

/** Why no driver could begin, as it stands in the message and at the end of the log. */
export function environmentFailureText(message: string): string {
  return `runtime_env setup failed: Failed to set up runtime environment.\n${message}`;
}

function pendingMessage({ spec }: Job, reason: PendingReason | null): string {
  const parts = ['Job has not started yet.'];
  if (requestedAmounts(spec.resources).length > 0) {
    parts.push('It may be waiting for resources (CPUs, GPUs, memory, custom resources) to become available.');
  }
  if (Object.keys(spec.runtimeEnv).length > 0) {
    parts.push('It may be waiting for the runtime environment to be set up.');
  }
  if (reason !== null) parts.push(`Why it waits: ${reason.message}.`);
  return parts.join(' ');
}

function failureMessage(end: JobEnd, lastLines: string): string {
  switch (end.code) {
    case 'ENTRYPOINT_FAILED':
      return commandFailure(end, lastLines);
    case 'OUT_OF_MEMORY':
      return `Out of memory: ${end.message}. ${commandFailure(end, lastLines)}`;
    case 'ENVIRONMENT_FAILED':
      return environmentFailureText(end.message);
    case 'DRIVER_LOST':
      return `Job supervisor actor died: ${end.message}`;
    case 'UNSCHEDULABLE':
      return `Job supervisor actor could not be scheduled: ${end.message}`;
    default:
      return end.message;
  }
}

function commandFailure({ exitCode }: JobEnd, lastLines: string): string {
  const failed = `Job entrypoint command failed with exit code ${exitCode === null ? null : signedExitCode(exitCode)}`;
  return lastLines === ''
    ? `${failed}. No logs available.`
    : `${failed}, last available logs (truncated to 20,000 chars):\n${lastLines}`;
}
