import type { Engine } from '../engine/engine.ts';
import type { EnvironmentRequest } from '../environment/environment.ts';
import type { Job } from '../job/job.ts';

/** What a job asks of the preparation. @param engine that will run its driver */
export function environmentRequest({ tenant, door, spec }: Job, engine: Engine): EnvironmentRequest {
  const { sharesDisk, runsContainers } = engine;
  const { setupMs } = spec.timeLimits ?? {};
  const request = { tenant, door, runtimeEnv: spec.runtimeEnv, engine: { sharesDisk, runsContainers } };
  return setupMs === undefined ? request : { ...request, setupLimitMs: setupMs };
}
