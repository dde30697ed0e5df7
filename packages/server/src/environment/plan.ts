import type { JsonObject, JsonValue } from '../job/job.ts';
import type { CondaSearch } from './conda/find-conda.ts';
import type { CondaPlan, EngineAbilities, EnvironmentPlan } from './environment.ts';
import { accept, type Checked, isAbsent, isJsonObject, nameType, refuse } from './plan/checked.ts';
import { CONDA_FIELDS, checkConda } from './plan/conda.ts';
import { checkEnvVars } from './plan/env-vars.ts';
import { checkPip, checkUv } from './plan/pip.ts';
import { checkPyModules } from './plan/py-modules.ts';
import { CONFIG_FIELDS, checkSetupTimeout } from './plan/setup-timeout.ts';
import { checkWorkingDir } from './plan/working-dir.ts';

/** Something about a `runtime_env` that cannot be carried out. */
export interface EnvironmentProblem {
  /** The field directly in `runtime_env`: `env_vars`, `pip`. */
  field: string;
  /** Reads on after the field's name: `must be an object of strings, not an array`. */
  message: string;
}

export interface RuntimeEnvCheck {
  /** Null where there are problems or impossible fields. */
  plan: EnvironmentPlan | null;
  /** Values that are not valid, whoever serves them. Those of `env_vars` are a 400 at every door. */
  problems: readonly EnvironmentProblem[];
  /** Fields that nobody here has heard of, such as `foo` or `config.foo`. They do not touch the plan. */
  unknownFields: readonly string[];
  /** Fields that Ray defines and this server cannot carry out. */
  impossibleFields: readonly EnvironmentProblem[];
}

/** What of the server decides about a `runtime_env`. */
export interface EnvironmentAbilities {
  /** Holds unless the job says otherwise. */
  setupTimeoutMs: number;
  conda: CondaSearch;
  /** Of the engine that runs the driver. Absent: those of the server's own machine. */
  engine?: EngineAbilities;
}

/** 10 minutes, as Ray has it. */
export const DEFAULT_ABILITIES: EnvironmentAbilities = {
  setupTimeoutMs: 600_000,
  conda: { found: false, reason: 'none was looked for' },
};

/** `excludes` is applied by the client that packs a directory: there is nothing left to do here. */
const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  'working_dir',
  'py_modules',
  'env_vars',
  'pip',
  'uv',
  'conda',
  'py_executable',
  'config',
  'excludes',
]);

const LOCAL: EngineAbilities = { sharesDisk: true, runsContainers: false };

/** Where drivers do not see what was built here. */
const FIELDS_OF_THE_DISK: ReadonlyMap<string, string> = new Map(
  ['pip', 'uv', 'conda', 'py_modules'].map((field) => [
    field,
    'needs an engine whose drivers see the files of the server: put it into the image of the job, or into its working_dir',
  ]),
);

const IMPOSSIBLE_FIELDS: ReadonlyMap<string, string> = new Map([
  ['container', 'needs an engine that runs containers'],
  ['image_uri', 'needs an engine that runs containers'],
  ['java_jars', 'is not possible on this server'],
  ['nsight', 'is not possible on this server'],
  ['mpi', 'is not possible on this server'],
  ['worker_process_setup_hook', 'is not possible on this server: there are no Ray workers'],
]);

/**
 * Reads a `runtime_env`. Pure: what exists on disk is looked at when the environment is made. What to do about problems, unknown
 * and impossible fields is for the caller to decide; the doors differ in it.
 *
 * @param abilities default: 10 minutes, and no conda
 */
export function checkRuntimeEnv(
  runtimeEnv: JsonObject,
  abilities: EnvironmentAbilities = DEFAULT_ABILITIES,
): RuntimeEnvCheck {
  const workingDirectory = checkWorkingDir(runtimeEnv.working_dir);
  const variables = checkEnvVars(runtimeEnv.env_vars);
  const pyModules = checkPyModules(runtimeEnv.py_modules);
  const pip = checkPip(runtimeEnv.pip);
  const uv = checkUv(runtimeEnv.uv);
  const conda = checkConda(isEmpty(runtimeEnv.conda) ? null : runtimeEnv.conda);
  const rivals = findRivals(runtimeEnv);
  const executable = checkPyExecutable(runtimeEnv.py_executable);
  const setupTimeout = checkSetupTimeout(runtimeEnv.config, abilities.setupTimeoutMs);

  const { engine = LOCAL } = abilities;
  const missingConda = engine.sharesDisk ? findMissingConda(conda, abilities.conda) : [];
  const impossibleFields = [...missingConda, ...findImpossible(runtimeEnv, engine)];
  const isPossible = impossibleFields.length === 0;
  return {
    plan:
      workingDirectory.ok &&
      pyModules.ok &&
      variables.ok &&
      pip.ok &&
      uv.ok &&
      conda.ok &&
      rivals.length === 0 &&
      executable.ok &&
      setupTimeout.ok &&
      isPossible
        ? {
            workingDirectory: workingDirectory.value,
            pyModules: pyModules.value,
            variables: variables.value,
            pip: isEmpty(runtimeEnv.uv) ? pip.value : uv.value,
            conda: conda.value,
            setupTimeoutMs: setupTimeout.value,
          }
        : null,
    problems: [
      ...problemsOf('working_dir', workingDirectory),
      ...problemsOf('py_modules', pyModules),
      ...problemsOf('env_vars', variables),
      ...problemsOf('pip', pip),
      ...problemsOf('uv', uv),
      ...problemsOf('conda', conda),
      ...rivals,
      ...problemsOf('py_executable', executable),
      ...problemsOf('config', setupTimeout),
    ],
    unknownFields: findUnknown(runtimeEnv),
    impossibleFields,
  };
}

/** Names the Python of Ray's workers. There are none here, and entrypoints name their programs themselves, as with Ray. */
function checkPyExecutable(value: JsonValue | undefined): Checked<null> {
  return isAbsent(value) || typeof value === 'string'
    ? accept(null)
    : refuse(`must be a string, not ${nameType(value)}`);
}

function findRivals({ pip, uv, conda }: JsonObject): EnvironmentProblem[] {
  const rivals: EnvironmentProblem[] = [];
  if (!isEmpty(pip) && !isEmpty(uv)) {
    rivals.push({ field: 'uv', message: 'and pip are both given; only one of them is possible' });
  }
  if (!isEmpty(conda) && !(isEmpty(pip) && isEmpty(uv))) {
    const name = isEmpty(pip) ? 'uv' : 'pip';
    rivals.push({
      field: 'conda',
      message: `and ${name} are both given; requirements for pip stand in the dependencies of conda, as {"pip": [...]}`,
    });
  }
  return rivals;
}

/** An environment that a path names is used without conda. */
function findMissingConda(checked: Checked<CondaPlan>, conda: CondaSearch): EnvironmentProblem[] {
  if (conda.found || !checked.ok || checked.value.kind === 'none' || checked.value.kind === 'directory') return [];
  return [{ field: 'conda', message: `needs conda, mamba or micromamba: ${conda.reason}` }];
}

function problemsOf(field: string, checked: Checked<unknown>): EnvironmentProblem[] {
  return checked.ok ? [] : checked.messages.map((message) => ({ field, message }));
}

function findImpossible(runtimeEnv: JsonObject, engine: EngineAbilities): EnvironmentProblem[] {
  return [...IMPOSSIBLE_FIELDS, ...(engine.sharesDisk ? [] : FIELDS_OF_THE_DISK)]
    .filter(([field]) => field !== 'image_uri' || !engine.runsContainers)
    .filter(([field]) => Object.hasOwn(runtimeEnv, field) && !isEmpty(runtimeEnv[field]))
    .map(([field, message]) => ({ field, message }));
}

/** Ray's clients send `py_modules: []` and the like, which ask for nothing. */
function isEmpty(value: JsonValue | undefined): boolean {
  if (isAbsent(value) || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function findUnknown(runtimeEnv: JsonObject): string[] {
  const fields = Object.keys(runtimeEnv).filter((field) => !KNOWN_FIELDS.has(field) && !IMPOSSIBLE_FIELDS.has(field));
  const config = isJsonObject(runtimeEnv.config) ? Object.keys(runtimeEnv.config) : [];
  const conda = isJsonObject(runtimeEnv.conda) ? Object.keys(runtimeEnv.conda) : [];
  return [
    ...fields,
    ...config.filter((field) => !CONFIG_FIELDS.has(field)).map((field) => `config.${field}`),
    ...conda.filter((field) => !CONDA_FIELDS.has(field)).map((field) => `conda.${field}`),
  ];
}
