import type { EnvironmentRequest } from '../environment/environment.ts';
import type { Job } from '../job/job.ts';

/** What a job asks of the preparation. */
export function environmentRequest({ tenant, door, spec }: Job): EnvironmentRequest {
  const { setupMs } = spec.timeLimits ?? {};
  const request = { tenant, door, runtimeEnv: spec.runtimeEnv };
  return setupMs === undefined ? request : { ...request, setupLimitMs: setupMs };
}
