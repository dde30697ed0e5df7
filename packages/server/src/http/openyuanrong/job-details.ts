import { isIPv4 } from 'node:net';
import { describeEnvironment } from '../../environment/environment-strings.ts';
import type { Job } from '../../job/job.ts';

/** What the representation of a job depends on beside the job. */
export interface JobDetailsSettings {
  /** Unit of `start_time` and `end_time`. */
  timeUnit: 'seconds' | 'milliseconds';
  /** What pip is called in the install command that is shown, such as `pip3.11`. */
  pipName: string;
}

/**
 * A job as `/api/jobs` shows it, as JSON text: the fields of openYuanrong's page "Query Job Details", all of them, in its
 * order, and no other, since its client dies on an unknown one.
 */
export function renderJobDetails(job: Job, settings: JobDetailsSettings): string {
  const { attempt, spec } = job;
  // An attempt that was handed over has no driver yet, and its node may change.
  const driver = attempt !== null && attempt.startedAtMs !== null ? attempt : null;
  return JSON.stringify({
    type: 'SUBMISSION',
    entrypoint: spec.entrypoint,
    submission_id: job.id,
    driver_info: {
      id: job.id,
      node_ip_address: driver === null ? '' : dottedAddress(driver.nodeAddress),
      pid: driver === null || driver.driverPid === null ? '' : String(driver.driverPid),
    },
    status: job.status,
    start_time: timeText(driver?.startedAtMs ?? null, settings),
    end_time: timeText(job.endedAtMs, settings),
    metadata: spec.metadata,
    runtime_env: describeEnvironment(spec.runtimeEnv, settings.pipName),
    driver_agent_http_address: '',
    driver_node_id: driver?.nodeId ?? '',
    driver_exit_code: exitCodeOf(job),
    error_type: errorTypeOf(job),
  });
}

function dottedAddress(address: string): string {
  return isIPv4(address) ? address : '127.0.0.1';
}

function timeText(atMs: number | null, { timeUnit }: JobDetailsSettings): string {
  if (atMs === null) return '';
  return String(timeUnit === 'seconds' ? Math.floor(atMs / 1000) : atMs);
}

/** -1 where a driver's end is unknown; 0 before the end, and where no driver was started. */
function exitCodeOf({ end, attempt }: Job): number {
  if (end === null) return 0;
  if (end.exitCode !== null) return end.exitCode;
  const hadDriver = end.code === 'DRIVER_LOST' || (attempt !== null && attempt.startedAtMs !== null);
  return hadDriver ? -1 : 0;
}

function errorTypeOf({ status, end }: Job): string {
  if (status === 'STOPPED') return 'the job was manually stopped';
  return status === 'FAILED' && end !== null ? `${end.code}: ${end.message}` : '';
}
