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
  'DROVER_SCHEDULE',
  'DROVER_SCHEDULED_AT',
  'DROVER_WORKING_DIR',
  'YR_WORKING_DIR',
];

/** Where nothing says where programs lie. */
const FALLBACK_PATH = '/usr/local/bin:/usr/bin:/bin';

/** A virtual environment, or one of conda, as a driver meets it. */
export interface EnteredEnvironment {
  /** Goes in front of `PATH`. */
  programs: string;
  /** What else it sets, such as `VIRTUAL_ENV`. */
  variables: Readonly<Record<string, string>>;
}

export interface DriverVariableParts {
  workingDirectory: string;
  /** What the driver runs in; null for nothing but the machine. */
  environment: EnteredEnvironment | null;
  /** The job's `env_vars`. */
  jobVariables: Readonly<Record<string, string>>;
  /** `PATH` of the engine's allow-list; undefined where it has none. */
  basePath: string | undefined;
  /** Where Python looks for modules before it looks anywhere else, what the job's own `PYTHONPATH` names included. */
  modulePath: readonly string[];
}

/**
 * A driver's variables beyond the engine's allow-list. The job's win over those of its environment, with one
 * exception: the environment's programs come first in a `PATH` that the job gives, or its `python` would not be the one with its
 * requirements. Drover's win over the job's; the number of the job and of the attempt are for the caller to add.
 */
export function driverVariables(parts: DriverVariableParts): Record<string, string> {
  const { workingDirectory, environment, jobVariables, basePath, modulePath } = parts;
  const entered = environment === null ? {} : enteredVariables(environment, jobVariables.PATH ?? basePath);
  const kept = Object.entries(jobVariables).filter(
    ([name]) => !RESERVED_VARIABLES.includes(name) && !(name === 'PATH' && environment !== null),
  );
  return {
    ...entered,
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

function enteredVariables(
  { programs, variables }: EnteredEnvironment,
  path: string | undefined,
): Record<string, string> {
  return { ...variables, PATH: `${programs}:${pathOrFallback(path)}` };
}

/** An empty entry of PATH would mean the current directory. */
export function pathOrFallback(path: string | undefined): string {
  return path === undefined || path === '' ? FALLBACK_PATH : path;
}
