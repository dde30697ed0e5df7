import type { JsonObject } from '../../job/job.ts';
import { createSlots } from '../../timing/slots.ts';
import { pickChannelOptions, pickCondaVariables } from '../build/build-variables.ts';
import { cacheKey, sortedEntries } from '../cache/cache-key.ts';
import type { EnvironmentCache, EnvironmentRecipe } from '../cache/environment-cache.ts';
import type { Waiter } from '../cache/shared-builds.ts';
import { type CondaPlan, EnvironmentFailure } from '../environment.ts';
import { buildCondaEnvironment, condaEnvironmentIn } from './build.ts';
import { createExistingEnvironments, isEnvironment, nameOf } from './existing-environments.ts';
import type { CondaSearch } from './find-conda.ts';

export interface CondaEnvironmentOptions {
  cache: EnvironmentCache;
  conda: CondaSearch;
  /** The server's own; what conda gets of them is chosen by name. */
  serverVariables: Readonly<Record<string, string | undefined>>;
  /** Time between SIGTERM and SIGKILL for a build that is given up. */
  killGraceMs: number;
  warn(message: string, error: unknown): void;
}

export interface CondaEnvironment {
  /** Absolute path of its top. */
  prefix: string;
  /** What conda calls it. */
  name: string;
  /** Whether it was built for jobs, and goes when no job uses it. */
  isOurs: boolean;
}

export interface CondaEnvironments {
  /**
   * Finds the environment that a job names, or finds or builds the one that it describes.
   * @throws {EnvironmentFailure}; the reason of the waiter's signal
   */
  obtain(plan: Exclude<CondaPlan, { kind: 'none' }>, tenant: string, waiter: Waiter): Promise<CondaEnvironment>;
}

export function createCondaEnvironments(options: CondaEnvironmentOptions): CondaEnvironments {
  const { cache, conda, killGraceMs, warn } = options;
  const variables = pickCondaVariables(options.serverVariables);
  // conda's cache of packages is damaged by two that write to it at once.
  const oneAtATime = createSlots(1);
  const existing = conda.found && createExistingEnvironments({ program: conda.path, variables, killGraceMs, warn });
  const platform = `${process.platform}-${process.arch}`;
  const settings = sortedEntries(pickChannelOptions(variables));

  function recipeFor(program: string, specification: JsonObject, tenant: string): EnvironmentRecipe {
    return {
      key: cacheKey(['conda', tenant, program, platform, process.getuid?.() ?? -1, specification, settings]),
      isUsable: (directory) => isEnvironment(condaEnvironmentIn(directory)),
      build: (directory, context) =>
        buildCondaEnvironment({ directory, program, specification, variables, killGraceMs }, context),
      kind: oneAtATime,
    };
  }

  return {
    async obtain(plan, tenant, waiter) {
      if (plan.kind === 'directory') {
        const prefix = plan.path;
        if (!(await isEnvironment(prefix))) throw new EnvironmentFailure(`conda ${prefix} is no conda environment`);
        return { prefix, name: nameOf(prefix), isOurs: false };
      }
      if (!conda.found || !existing) throw new EnvironmentFailure('this server has no conda');
      if (plan.kind === 'named') {
        return { prefix: await existing.find(plan.name, waiter), name: plan.name, isOurs: false };
      }
      const prefix = condaEnvironmentIn(await cache.obtain(recipeFor(conda.path, plan.specification, tenant), waiter));
      return { prefix, name: prefix, isOurs: true };
    },
  };
}
