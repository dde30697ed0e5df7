import type { Logger } from 'pino';
import type { Config } from './config/config.ts';
import type { OtherUser } from './engine/other-user.ts';
import { type CondaSearch, findConda } from './environment/conda/find-conda.ts';
import { findInterpreter, type InterpreterSearch } from './environment/interpreter.ts';
import { createEnvironmentPreparer, type LocalEnvironmentPreparer } from './environment/preparer.ts';
import { resolveName } from './outbound/resolve-host.ts';
import type { PackageStore } from './packages/package-store.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** What environments are made with. */
export interface EnvironmentPrograms {
  interpreter: InterpreterSearch;
  conda: CondaSearch;
}

/** Begins to look for the programs that make environments: a small process starts others faster than a large one. */
export function searchPrograms(
  config: Config,
  environment: Variables,
  log: Logger,
): {
  /** Resolves with what was found; what is missing, and what the users of jobs cannot reach, is told to the operator. */
  found(users: readonly OtherUser[]): Promise<EnvironmentPrograms>;
} {
  const search = Promise.all([
    findInterpreter(config.python, pick(environment, ['PATH', 'HOME'])),
    findConda(config.conda, environment.PATH ?? ''),
  ]);
  // Whoever waits for it hears of it; a server whose engines fail meanwhile does not wait.
  search.catch(() => undefined);

  return {
    async found(users) {
      const [interpreter, conda] = await search;
      if (!conda.found && config.conda !== null) log.warn(`jobs that ask for conda will fail: ${conda.reason}`);
      if (!interpreter.found) log.warn(`jobs that ask for pip will fail: ${interpreter.reason}`);
      const path = interpreter.found ? interpreter.interpreter.path : null;
      const obstacles = (user: OtherUser) =>
        path === null ? [] : user.obstaclesTo(path, 'the Python of environments (python)');
      for (const obstacle of users.flatMap(obstacles)) log.warn(obstacle);
      return { interpreter, conda };
    },
  };
}

function pick(variables: Variables, names: readonly string[]): Record<string, string> {
  const given = names.map((name) => [name, variables[name]] as const);
  return Object.fromEntries(given.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

export interface PreparerOpening {
  config: Config;
  /** The server's own. */
  environment: Variables;
  log: Logger;
  programs: EnvironmentPrograms;
  packages: PackageStore;
  /** Whom jobs run as beside the server's own user. */
  otherUsers: readonly OtherUser[];
}

/** What makes the environments of jobs, as the server is configured. */
export function openPreparer({
  config,
  environment,
  log,
  programs,
  packages,
  otherUsers,
}: PreparerOpening): LocalEnvironmentPreparer {
  return createEnvironmentPreparer({
    cacheDir: config.environmentsDir,
    isOpenToOthers: otherUsers.length > 0,
    ...programs,
    setupTimeoutMs: config.setupTimeoutMs,
    archiveLimits: { maxBytes: config.archiveMaxBytes, maxEntries: config.archiveMaxEntries },
    archiveStores: {
      packages,
      remote: { allowedHosts: config.allowedArchiveHosts, maxBytes: config.packageMaxBytes, resolve: resolveName },
    },
    driverPath: environment.PATH,
    serverVariables: environment,
    warn: (message, error) => log.warn({ err: error }, message),
  });
}
