import { basename, dirname, join, resolve } from 'node:path';
import { attemptPaths } from '../engine/attempt-directory.ts';
import { createSlots } from '../timing/slots.ts';
import type { ArchiveLimits } from './archive/budget.ts';
import { type ReadDiskSpace, readDiskSpace } from './archive/disk-space.ts';
import { createEnvironmentCache } from './cache/environment-cache.ts';
import type { CondaSearch } from './conda/find-conda.ts';
import { createDriverEnvironments } from './driver-environments.ts';
import {
  EnvironmentFailure,
  type EnvironmentPlan,
  type EnvironmentPreparer,
  type EnvironmentRequest,
} from './environment.ts';
import type { InterpreterSearch } from './interpreter.ts';
import type { ArchiveStores } from './locate-archive.ts';
import { checkRuntimeEnv, type RuntimeEnvCheck } from './plan.ts';
import { makePyModules } from './py-modules.ts';
import { driverVariables } from './variables.ts';
import { makeWorkingDirectory } from './working-directory.ts';

export interface EnvironmentPreparerOptions {
  /** Holds environments of pip and of conda: a directory of its own below the data directory. Made where it is missing. */
  cacheDir: string;
  /** Whether drivers may run as other users than the server, who then can read and run what is in environments. Default: they do not. */
  isOpenToOthers?: boolean;
  /** As found at start. Without one, jobs that ask for pip fail with its reason. */
  interpreter: InterpreterSearch;
  /** As found at start. Without one, jobs that ask for conda fail with its reason. */
  conda: CondaSearch;
  /** Limit for each of the two steps, unless the job says otherwise. */
  setupTimeoutMs: number;
  archiveLimits: ArchiveLimits;
  archiveStores: ArchiveStores;
  /** `PATH` of the engine's allow-list, which an environment's programs are put in front of. */
  driverPath: string | undefined;
  /** The server's own; an installation gets those of its allow-list (`PATH`, proxies, `PIP_INDEX_URL`, `CONDARC` …). */
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
   * Removes environments that were not used for long, and what a killed server left half-made. To be called at
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
  const { interpreter, conda, serverVariables, driverPath, warn } = options;
  const killGraceMs = options.killGraceMs ?? 5_000;
  const cache = createEnvironmentCache({
    cacheDir: resolve(options.cacheDir),
    isOpenToOthers: options.isOpenToOthers ?? false,
    maxAgeMs: options.cacheMaxAgeMs ?? 30 * DAY_MS,
    building: createSlots(options.maxBuilds ?? 2),
    now: options.now ?? Date.now,
    warn,
  });
  const environments = createDriverEnvironments({
    cache,
    interpreter,
    conda,
    serverVariables,
    driverPath,
    killGraceMs,
    warn,
  });

  function check({ runtimeEnv, setupLimitMs = setupTimeoutMs, engine }: EnvironmentRequest): RuntimeEnvCheck {
    const abilities = { setupTimeoutMs: setupLimitMs, conda };
    return checkRuntimeEnv(runtimeEnv, engine === undefined ? abilities : { ...abilities, engine });
  }

  function planOf(request: EnvironmentRequest): EnvironmentPlan {
    const { plan, problems, impossibleFields } = check(request);
    if (plan !== null) return plan;
    const sentences = [...problems, ...impossibleFields].map(({ field, message }) => `runtime_env.${field} ${message}`);
    throw new EnvironmentFailure(sentences.join('\n'));
  }

  return {
    needsSharedPart(request) {
      const { plan } = check(request);
      // What cannot be carried out fails in the first step, before the job takes up anything.
      return plan === null || environments.isNeeded(plan);
    },

    async prepareShared(request, signal) {
      const plan = planOf(request);
      await environments.prepare(plan, request.tenant, { signal, timeoutMs: plan.setupTimeoutMs });
    },

    async prepareAttempt(request, attemptDirectory, signal) {
      const { tenant, door } = request;
      const plan = planOf(request);
      const waiter = { signal, timeoutMs: plan.setupTimeoutMs };
      const unpackOptions = { ...commonUnpackOptions, stripsTopFolder: door === 'ray' };
      // Found, as a rule. Built again where it was removed since.
      const environment = await environments.enter(plan, tenant, attemptDirectory, waiter);
      const own = attemptPaths(dirname(attemptDirectory), basename(attemptDirectory)).workingDirectory;
      const { path: workingDirectory, diskBytes } = await makeWorkingDirectory(
        plan.workingDirectory,
        own,
        { ...unpackOptions, sharesDisk: request.engine?.sharesDisk ?? true },
        waiter,
      );
      const modulesDirectory = join(attemptDirectory, 'modules');
      const modules = await makePyModules(plan.pyModules, modulesDirectory, unpackOptions, waiter);
      const isSearched = plan.workingDirectory.kind !== 'none' && (door === 'ray' || modules.searchPath.length > 0);
      const variables = driverVariables({
        workingDirectory,
        environment,
        jobVariables: plan.variables,
        basePath: driverPath,
        modulePath: isSearched ? [workingDirectory, ...modules.searchPath] : modules.searchPath,
      });
      return { workingDirectory, variables, diskBytes: diskBytes + modules.diskBytes };
    },

    async sweep(activeAttemptDirectories) {
      await cache.sweep(await environments.usedBy(activeAttemptDirectories));
    },
  };
}
