import { checkRuntimeEnv, type EnvironmentAbilities } from '../environment/plan.ts';
import { droverError } from '../errors/drover-error.ts';
import type { Door, JsonObject } from '../job/job.ts';

/**
 * Refuses at submit what the door's clients expect to be refused there (DESIGN.md 5): variables that no process could
 * have are refused at every door, everything else that is wrong or impossible at the native one only. The other doors'
 * jobs end with `ENVIRONMENT_FAILED` and the reason.
 *
 * @throws `INVALID_ENVIRONMENT`
 */
export function checkEnvironmentAtSubmit(door: Door, runtimeEnv: JsonObject, abilities?: EnvironmentAbilities): void {
  const { problems, unknownFields, impossibleFields } = checkRuntimeEnv(runtimeEnv, abilities);
  const isNative = door === 'native';
  const problem = problems.find(({ field }) => isNative || field === 'env_vars');
  if (problem !== undefined)
    throw droverError('INVALID_ENVIRONMENT', { field: problem.field, detail: problem.message });
  if (!isNative) return;
  const [impossible] = impossibleFields;
  if (impossible !== undefined) {
    throw droverError('INVALID_ENVIRONMENT', { field: impossible.field, detail: impossible.message });
  }
  const [unknown] = unknownFields;
  if (unknown !== undefined) throw droverError('INVALID_ENVIRONMENT', { field: unknown, detail: 'is not known' });
}
