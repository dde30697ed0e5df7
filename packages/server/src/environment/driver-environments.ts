import { readlink, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { hasCode } from '../errors/system-error.ts';
import { pickCondaVariables } from './build/build-variables.ts';
import type { EnvironmentCache } from './cache/environment-cache.ts';
import type { Waiter } from './cache/shared-builds.ts';
import { activate } from './conda/activate.ts';
import { createCondaEnvironments } from './conda/conda-environments.ts';
import type { CondaSearch } from './conda/find-conda.ts';
import { type CondaPlan, EnvironmentFailure, type EnvironmentPlan } from './environment.ts';
import type { InterpreterSearch } from './interpreter.ts';
import { createVirtualEnvironments } from './pip/virtual-environments.ts';
import { withTimeLimit } from './time-limit.ts';
import type { EnteredEnvironment } from './variables.ts';

export interface DriverEnvironmentOptions {
  cache: EnvironmentCache;
  interpreter: InterpreterSearch;
  conda: CondaSearch;
  /** The server's own. */
  serverVariables: Readonly<Record<string, string | undefined>>;
  /** `PATH` of drivers. */
  driverPath: string | undefined;
  /** Time between SIGTERM and SIGKILL for a program that is given up. */
  killGraceMs: number;
  warn(message: string, error: unknown): void;
}

/** What drivers run in beside the machine itself: virtual environments and those of conda. */
export interface DriverEnvironments {
  isNeeded(plan: EnvironmentPlan): boolean;
  /** Finds or builds what jobs share. @throws {EnvironmentFailure}; the reason of the waiter's signal */
  prepare(plan: EnvironmentPlan, tenant: string, waiter: Waiter): Promise<void>;
  /** The same for an attempt, which is noted to use it. Null where there is nothing to enter. */
  enter(
    plan: EnvironmentPlan,
    tenant: string,
    attemptDirectory: string,
    waiter: Waiter,
  ): Promise<EnteredEnvironment | null>;
  /** Environments that attempts were noted to use, now or in an earlier life of the server. */
  usedBy(attemptDirectories: readonly string[]): Promise<Set<string>>;
}

export function createDriverEnvironments(options: DriverEnvironmentOptions): DriverEnvironments {
  const virtual = createVirtualEnvironments(options);
  const conda = createCondaEnvironments(options);
  const variables = pickCondaVariables(options.serverVariables);
  const activation = { variables, basePath: options.driverPath, killGraceMs: options.killGraceMs };

  async function enterVirtual(
    plan: EnvironmentPlan,
    tenant: string,
    attemptDirectory: string,
    waiter: Waiter,
  ): Promise<EnteredEnvironment> {
    const environment = await virtual.obtain({ tenant, ...plan.pip }, waiter);
    await noteUse(attemptDirectory, environment);
    return { programs: join(environment, 'bin'), variables: { VIRTUAL_ENV: environment } };
  }

  async function enterConda(
    plan: Exclude<CondaPlan, { kind: 'none' }>,
    tenant: string,
    attemptDirectory: string,
    waiter: Waiter,
  ): Promise<EnteredEnvironment> {
    const { prefix, name, isOurs } = await conda.obtain(plan, tenant, waiter);
    if (isOurs) await noteUse(attemptDirectory, prefix);
    const seconds = waiter.timeoutMs / 1000;
    const tooLate = `activating the conda environment took more than ${seconds} s (config.setup_timeout_seconds)`;
    return withTimeLimit(waiter, new EnvironmentFailure(tooLate), (signal) =>
      activate(prefix, name, activation, signal),
    );
  }

  return {
    isNeeded: ({ pip, conda: condaPlan }) => pip.requirements.length > 0 || condaPlan.kind !== 'none',

    async prepare(plan, tenant, waiter) {
      if (plan.pip.requirements.length > 0) await virtual.obtain({ tenant, ...plan.pip }, waiter);
      if (plan.conda.kind !== 'none') await conda.obtain(plan.conda, tenant, waiter);
    },

    async enter(plan, tenant, attemptDirectory, waiter) {
      if (plan.pip.requirements.length > 0) return enterVirtual(plan, tenant, attemptDirectory, waiter);
      if (plan.conda.kind !== 'none') return enterConda(plan.conda, tenant, attemptDirectory, waiter);
      return null;
    },

    async usedBy(attemptDirectories) {
      const used = await Promise.all(attemptDirectories.map(readUse));
      return new Set(used.filter((environment) => environment !== null));
    },
  };
}

/** Says on disk which environment an attempt uses: the driver may outlive this server and its settings. */
async function noteUse(attemptDirectory: string, environment: string): Promise<void> {
  await rm(linkIn(attemptDirectory), { force: true });
  await symlink(environment, linkIn(attemptDirectory));
}

async function readUse(attemptDirectory: string): Promise<string | null> {
  try {
    return await readlink(linkIn(attemptDirectory));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function linkIn(attemptDirectory: string): string {
  return join(attemptDirectory, 'environment');
}
