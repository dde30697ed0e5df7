import { droverError } from '../../errors/drover-error.ts';
import type { JsonObject, StopSignal } from '../../job/job.ts';

/** How a job wants to be stopped; Ray reads it from the job's own variables. */
export interface StopSettings {
  graceMs: number;
  signal: StopSignal;
}

const DEFAULT_WAIT_SECONDS = 3;
/** A year: far beyond any sensible wait, and within what a timer can be told in parts. */
const MAX_WAIT_SECONDS = 31_536_000;

/**
 * `RAY_JOB_STOP_WAIT_TIME_S` (whole seconds, default 3) and `RAY_JOB_STOP_SIGNAL` (`SIGINT`; anything else is SIGTERM, as in Ray).
 *
 * @throws `INVALID_BODY` for a wait that is no whole number
 */
export function readStopSettings(environmentVariables: JsonObject): StopSettings {
  const { RAY_JOB_STOP_WAIT_TIME_S: wait, RAY_JOB_STOP_SIGNAL: signal } = environmentVariables;
  return { graceMs: waitSeconds(wait) * 1000, signal: signal === 'SIGINT' ? 'SIGINT' : 'SIGTERM' };
}

function waitSeconds(given: unknown): number {
  if (given === undefined || given === null) return DEFAULT_WAIT_SECONDS;
  const seconds = typeof given === 'string' && /^\s*\+?\d+\s*$/.test(given) ? Number(given) : Number.NaN;
  if (seconds <= MAX_WAIT_SECONDS) return seconds;
  throw droverError('INVALID_BODY', {
    detail: `ValueError: RAY_JOB_STOP_WAIT_TIME_S must be a whole number of seconds, got ${JSON.stringify(given)}`,
  });
}
