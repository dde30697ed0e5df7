import { readlink, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { attemptPaths } from '../engine/attempt-directory.ts';
import { hasCode } from '../errors/system-error.ts';
import { createSlots } from '../timing/slots.ts';
import type { ArchiveLimits } from './archive/budget.ts';
import { type ReadDiskSpace, readDiskSpace } from './archive/disk-space.ts';
import {
  EnvironmentFailure,
  type EnvironmentPlan,
  type EnvironmentPreparer,
  type EnvironmentRequest,
} from './environment.ts';
import type { InterpreterSearch } from './interpreter.ts';
import type { ArchiveStores } from './locate-archive.ts';
import { createVirtualEnvironments } from './pip/virtual-environments.ts';
import { checkRuntimeEnv } from './plan.ts';
import { makePyModules } from './py-modules.ts';
import { driverVariables } from './variables.ts';
import { makeWorkingDirectory } from './working-directory.ts';

export interface EnvironmentPreparerOptions {
  /** Holds virtual environments: a directory of its own below the data directory. Made where it is missing. */
  cacheDir: string;
  /** As found at start. Without one, jobs that ask for pip fail with its reason. */
  interpreter: InterpreterSearch;
  /** Limit for each of the two steps, unless the job says otherwise. */
  setupTimeoutMs: number;
  archiveLimits: ArchiveLimits;
  archiveStores: ArchiveStores;
  /** `PATH` of the engine's allow-list, which a virtual environment's programs are put in front of. */
  driverPath: string | undefined;
  /** The server's own; an installation gets those of its allow-list (`PATH`, proxies, `PIP_INDEX_URL` …). */
  serverVariables: Readonly<Record<string, string | undefined>>;
  /** Environments that no attempt used for so long are removed by a sweep. Default 30 days. */
  cacheMaxAgeMs?: number;
  /** Installations at once. Default 2. */
  maxBuilds?: number;
  /** Archives unpacked at once. Default 2: each takes a core, and file system threads from the whole server. */
  maxUnpackings?: number;
  /** Time between SIGTERM and SIGKILL for an installation that is given up. Default 5 s. */
  killGraceMs?: number;
  /** What the file system of a directory has. Default: asks the system. */
  readDiskSpace?: ReadDiskSpace;
  /** Milliseconds since 1970. Default: the system's clock. */
  now?: () => number;
  /** Hears of what went wrong where nobody waits for an answer. */
  warn(message: string, error: unknown): void;
}

export interface LocalEnvironmentPreparer extends EnvironmentPreparer {
  /**
   * Removes virtual environments that were not used for long, and what a killed server left half-made. To be called at
   * start and once in a while.
   *
   * @param activeAttemptDirectories of all attempts whose processes may be alive: what they use is kept, however old
   */
  sweep(activeAttemptDirectories: readonly string[]): Promise<void>;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Makes environments on this machine. */
export function createEnvironmentPreparer(options: EnvironmentPreparerOptions): LocalEnvironmentPreparer {
  const { setupTimeoutMs } = options;
  const commonUnpackOptions = {
    archiveLimits: options.archiveLimits,
    unpacking: createSlots(options.maxUnpackings ?? 2),
    readDiskSpace: options.readDiskSpace ?? readDiskSpace,
    stores: options.archiveStores,
  };
  const environments = createVirtualEnvironments({
    // Absolute, since it becomes part of every driver's PATH.
    cacheDir: resolve(options.cacheDir),
    interpreter: options.interpreter,
    serverVariables: options.serverVariables,
    maxAgeMs: options.cacheMaxAgeMs ?? 30 * DAY_MS,
    maxBuilds: options.maxBuilds ?? 2,
    killGraceMs: options.killGraceMs ?? 5_000,
    now: options.now ?? Date.now,
    warn: options.warn,
  });

  function planOf({ runtimeEnv, setupLimitMs = setupTimeoutMs }: EnvironmentRequest): EnvironmentPlan {
    const { plan, problems, impossibleFields } = checkRuntimeEnv(runtimeEnv, { setupTimeoutMs: setupLimitMs });
    if (plan !== null) return plan;
    const sentences = [...problems, ...impossibleFields].map(({ field, message }) => `runtime_env.${field} ${message}`);
    throw new EnvironmentFailure(sentences.join('\n'));
  }

  return {
    needsSharedPart(runtimeEnv) {
      const { plan } = checkRuntimeEnv(runtimeEnv, { setupTimeoutMs });
      // What cannot be carried out fails in the first step, before the job takes up anything.
      return plan === null || plan.pip.requirements.length > 0;
    },

    async prepareShared(request, signal) {
      const { tenant } = request;
      const { pip, setupTimeoutMs: timeoutMs } = planOf(request);
      if (pip.requirements.length > 0) await environments.obtain({ tenant, ...pip }, { signal, timeoutMs });
    },

    async prepareAttempt(request, attemptDirectory, signal) {
      const { tenant, door } = request;
      const plan = planOf(request);
      const waiter = { signal, timeoutMs: plan.setupTimeoutMs };
      const unpackOptions = { ...commonUnpackOptions, stripsTopFolder: door === 'ray' };
      let virtualEnvironment: string | null = null;
      if (plan.pip.requirements.length > 0) {
        // Found, as a rule. Built again where it was removed since.
        virtualEnvironment = await environments.obtain({ tenant, ...plan.pip }, waiter);
        await linkEnvironment(attemptDirectory, virtualEnvironment);
      }
      const own = attemptPaths(dirname(attemptDirectory), basename(attemptDirectory)).workingDirectory;
      const { path: workingDirectory, diskBytes } = await makeWorkingDirectory(
        plan.workingDirectory,
        own,
        unpackOptions,
        waiter,
      );
      const modulesDirectory = join(attemptDirectory, 'modules');
      const modules = await makePyModules(plan.pyModules, modulesDirectory, unpackOptions, waiter);
      const isSearched = plan.workingDirectory.kind !== 'none' && (door === 'ray' || modules.searchPath.length > 0);
      const variables = driverVariables({
        workingDirectory,
        virtualEnvironment,
        jobVariables: plan.variables,
        basePath: options.driverPath,
        modulePath: isSearched ? [workingDirectory, ...modules.searchPath] : modules.searchPath,
      });
      return { workingDirectory, variables, diskBytes: diskBytes + modules.diskBytes };
    },

    async sweep(activeAttemptDirectories) {
      const inUse = await Promise.all(activeAttemptDirectories.map(readEnvironmentLink));
      await environments.sweep(new Set(inUse.filter((environment) => environment !== null)));
    },
  };
}

/** Says on disk which environment an attempt uses: the driver may outlive this server and its settings. */
async function linkEnvironment(attemptDirectory: string, virtualEnvironment: string): Promise<void> {
  await rm(environmentLink(attemptDirectory), { force: true });
  await symlink(virtualEnvironment, environmentLink(attemptDirectory));
}

async function readEnvironmentLink(attemptDirectory: string): Promise<string | null> {
  try {
    return await readlink(environmentLink(attemptDirectory));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function environmentLink(attemptDirectory: string): string {
  return join(attemptDirectory, 'environment');
}
