import { join } from 'node:path';
import { createOutputCapture } from '../build/capture.ts';
import { runStep } from '../build/steps.ts';
import { EnvironmentFailure } from '../environment.ts';
import { findProgram } from '../find-program.ts';
import { isVariableName } from '../plan/env-vars.ts';
import { type EnteredEnvironment, pathOrFallback } from '../variables.ts';
import { listNames, readDeclaredVariables } from './declared-variables.ts';

export interface ActivationOptions {
  /** What scripts run with, and what is not counted as theirs; see `pickCondaVariables`. */
  variables: Readonly<Record<string, string>>;
  /** `PATH` of drivers. */
  basePath: string | undefined;
  killGraceMs: number;
}

/** Tells of the variables that the scripts leave; what they print is told apart from it. */
const SOURCE_ALL = `
for script do . "$script"; done >&2
exec /usr/bin/env -0
`;

/** A shell changes them by itself. */
const OF_THE_SHELL: ReadonlySet<string> = new Set(['_', 'SHLVL', 'PWD', 'OLDPWD', 'PATH']);

const MAX_VARIABLES_BYTES = 1024 * 1024;

/**
 * Finds out what `conda activate` would set: variables that the environment declares, and those that the scripts of its packages export
 * (`etc/conda/activate.d/*.sh`, run here by bash where there is one). Functions and aliases are lost, and scripts see nothing of the job.
 *
 * @param name what conda calls the environment
 * @throws {EnvironmentFailure} where a script ends the shell; the signal's reason where it aborts
 */
export async function activate(
  prefix: string,
  name: string,
  options: ActivationOptions,
  signal: AbortSignal,
): Promise<EnteredEnvironment> {
  const declared = await readDeclaredVariables(prefix);
  const own = { ...declared, CONDA_PREFIX: prefix, CONDA_DEFAULT_ENV: name, CONDA_SHLVL: '1' };
  const programs = join(prefix, 'bin');
  const scripts = await findScripts(prefix);
  if (scripts.length === 0) return { programs, variables: withoutPath(own) };

  const basePath = pathOrFallback(options.basePath);
  const given = { ...options.variables, ...own, PATH: `${programs}:${basePath}` };
  const after = await runScripts(scripts, given, options, signal);
  const changed = Object.entries(after).filter(
    ([variable, value]) =>
      isVariableName(variable) &&
      !OF_THE_SHELL.has(variable) &&
      (variable in own || options.variables[variable] !== value),
  );
  return { programs: frontOf(after.PATH ?? programs, basePath), variables: Object.fromEntries(changed) };
}

async function findScripts(prefix: string): Promise<string[]> {
  const directory = join(prefix, 'etc', 'conda', 'activate.d');
  return (await listNames(directory)).filter((name) => name.endsWith('.sh')).map((name) => join(directory, name));
}

async function runScripts(
  scripts: readonly string[],
  variables: Readonly<Record<string, string>>,
  { basePath, killGraceMs }: ActivationOptions,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  // Many are written for bash, and a shell that cannot read one ends.
  const shell = (await findProgram('bash', pathOrFallback(basePath))) ?? '/bin/sh';
  const output = createOutputCapture(MAX_VARIABLES_BYTES);
  const step = {
    name: 'activating the conda environment',
    program: shell,
    args: ['-c', SOURCE_ALL, shell, ...scripts],
  };
  await runStep(step, { directory: '/', variables, killGraceMs, onOutput: output.add }, { signal, onStep: () => {} });
  const text = output.text();
  if (text === null) throw new EnvironmentFailure('activating the conda environment set more than 1 MiB of variables');
  const entries = text.split('\0').filter((entry) => entry.includes('='));
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

/** What stands before the drivers' own `PATH`; all of it where a script changed that too. */
function frontOf(path: string, basePath: string): string {
  return path.endsWith(`:${basePath}`) ? path.slice(0, -basePath.length - 1) : path;
}

function withoutPath({ PATH, ...variables }: Record<string, string>): Record<string, string> {
  return variables;
}
