import { join } from 'node:path';
import { pickBuildVariables, pickIndexOptions } from '../build/build-variables.ts';
import type { EnvironmentCache } from '../cache/environment-cache.ts';
import type { Waiter } from '../cache/shared-builds.ts';
import { EnvironmentFailure, type PipPlan } from '../environment.ts';
import type { InterpreterSearch } from '../interpreter.ts';
import { pathExists } from '../path-exists.ts';
import { buildEnvironment, virtualEnvironmentIn } from './build.ts';
import { environmentKey } from './environment-key.ts';

export interface VirtualEnvironmentOptions {
  cache: EnvironmentCache;
  interpreter: InterpreterSearch;
  /** The server's own; what an installation gets of them is chosen by name. */
  serverVariables: Readonly<Record<string, string | undefined>>;
  /** Time between SIGTERM and SIGKILL for a build that is given up. */
  killGraceMs: number;
}

/** What decides about an environment, as far as jobs do. */
export interface EnvironmentWish extends PipPlan {
  tenant: string;
}

/** Virtual environments, one per tenant and distinct set of requirements, shared by all jobs that want it. */
export interface VirtualEnvironments {
  /**
   * Finds or builds the environment, and answers its absolute path. It counts as used now.
   * @throws {EnvironmentFailure}; the reason of the waiter's signal
   */
  obtain(wish: EnvironmentWish, waiter: Waiter): Promise<string>;
}

export function createVirtualEnvironments(options: VirtualEnvironmentOptions): VirtualEnvironments {
  const { cache, killGraceMs } = options;
  const variables = pickBuildVariables(options.serverVariables);

  return {
    async obtain({ tenant, ...plan }, waiter) {
      if (!options.interpreter.found) {
        throw new EnvironmentFailure(`this server cannot make Python environments: ${options.interpreter.reason}`);
      }
      const { interpreter } = options.interpreter;
      const key = environmentKey({
        tenant,
        interpreter,
        platform: `${process.platform}-${process.arch}`,
        userId: process.getuid?.() ?? -1,
        plan,
        indexOptions: pickIndexOptions(variables),
      });
      const recipe = {
        key,
        // Follows the link: gone where the interpreter was removed from the machine.
        isUsable: (directory: string) => pathExists(join(virtualEnvironmentIn(directory), 'bin', 'python')),
        build: (directory: string, context: Parameters<typeof buildEnvironment>[1]) =>
          buildEnvironment({ directory, interpreter, plan, variables, killGraceMs }, context),
      };
      return virtualEnvironmentIn(await cache.obtain(recipe, waiter));
    },
  };
}
