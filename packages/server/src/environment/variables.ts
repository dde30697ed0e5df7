import { join } from 'node:path';

/**
 * Variables that are Drover's own: a job may give them, but its driver finds what Drover sets. Others that begin with `DROVER_` are
 * the job's to set (`DROVER_ADDRESS`, for a driver that submits jobs).
 */
export const RESERVED_VARIABLES: readonly string[] = [
  'DROVER_JOB_ID',
  'DROVER_ATTEMPT',
  'DROVER_ATTEMPT_NUMBER',
  'DROVER_ARRAY_ID',
  'DROVER_ARRAY_INDEX',
  'DROVER_ARRAY_SIZE',
  'DROVER_WORKING_DIR',
  'YR_WORKING_DIR',
];

/** Where nothing says where programs lie. */
const FALLBACK_PATH = '/usr/local/bin:/usr/bin:/bin';

export interface DriverVariableParts {
  workingDirectory: string;
  /** The virtual environment; null without one. */
  virtualEnvironment: string | null;
  /** The job's `env_vars`. */
  jobVariables: Readonly<Record<string, string>>;
  /** `PATH` of the engine's allow-list; undefined where it has none. */
  basePath: string | undefined;
  /** Where Python looks for modules before it looks anywhere else, what the job's own `PYTHONPATH` names included. */
  modulePath: readonly string[];
}

/**
 * A driver's variables beyond the engine's allow-list. The job's win over those of the virtual environment, with one
 * exception: the environment's programs come first in a `PATH` that the job gives, or its `python` would not be the one with its
 * requirements. Drover's win over the job's; the number of the job and of the attempt are for the caller to add.
 */
export function driverVariables(parts: DriverVariableParts): Record<string, string> {
  const { workingDirectory, virtualEnvironment, jobVariables, basePath, modulePath } = parts;
  const programs =
    virtualEnvironment === null ? {} : programVariables(virtualEnvironment, jobVariables.PATH ?? basePath);
  const kept = Object.entries(jobVariables).filter(
    ([name]) => !RESERVED_VARIABLES.includes(name) && !(name === 'PATH' && virtualEnvironment !== null),
  );
  return {
    ...programs,
    ...Object.fromEntries(kept),
    ...moduleVariables(modulePath, jobVariables.PYTHONPATH),
    DROVER_WORKING_DIR: workingDirectory,
    YR_WORKING_DIR: workingDirectory,
  };
}

function moduleVariables(modulePath: readonly string[], own: string | undefined): Record<string, string> {
  if (modulePath.length === 0) return {};
  // An empty entry would mean the current directory.
  return { PYTHONPATH: [...modulePath, own ?? ''].filter((entry) => entry !== '').join(':') };
}

function programVariables(virtualEnvironment: string, path: string | undefined): Record<string, string> {
  const bin = join(virtualEnvironment, 'bin');
  // An empty entry of PATH means the current directory.
  return {
    VIRTUAL_ENV: virtualEnvironment,
    PATH: `${bin}:${path === undefined || path === '' ? FALLBACK_PATH : path}`,
  };
}
