import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../job/job.ts';
import { runStep, type StepContext, sealSteps } from '../build/steps.ts';

export interface CondaBuildOrder {
  /** Does not exist yet, never to be used again: programs in the environment know where they lie. */
  directory: string;
  /** conda, mamba or micromamba. */
  program: string;
  /** What an `environment.yml` holds. */
  specification: JsonObject;
  /** See `pickCondaVariables`. */
  variables: Readonly<Record<string, string>>;
  killGraceMs: number;
}

/** Where the environment lies inside its build's directory. */
export function condaEnvironmentIn(directory: string): string {
  return join(directory, 'conda');
}

/** How conda says it, and how mamba and micromamba do. Variables, since not every version knows each as an option. */
const SETTINGS: readonly string[] = [
  // There is nobody to answer.
  'ALWAYS_YES',
  // Files of its own: a hard link into the cache of packages would be made read-only there too.
  'ALWAYS_COPY',
];

/**
 * Builds an environment, and makes it read-only. When this resolves, it is on disk to stay; when it rejects, what was made of it is for the
 * caller to remove, and nothing writes to it any more.
 *
 * @throws {EnvironmentFailure} with the last lines of whatever failed; the signal's reason where it aborts
 */
export async function buildCondaEnvironment(order: CondaBuildOrder, context: StepContext): Promise<void> {
  const { directory, program, specification } = order;
  const temporaryDirectory = join(directory, 'tmp');
  await mkdir(directory, { mode: 0o700 });
  await mkdir(temporaryDirectory);
  const file = join(directory, 'environment.yml');
  // JSON is YAML. Addresses in it may carry passwords.
  await writeFile(file, `${JSON.stringify(specification)}\n`, { mode: 0o600 });
  const args = ['env', 'create', '--quiet', '--file', file, '--prefix', condaEnvironmentIn(directory)];
  const variables = { ...order.variables, ...settings(), TMPDIR: temporaryDirectory };
  await runStep({ name: 'conda env create', program, args }, { ...order, variables }, context);
  await rm(temporaryDirectory, { recursive: true, force: true });
  for (const step of sealSteps(directory)) await runStep(step, order, context);
}

function settings(): Record<string, string> {
  const chosen = SETTINGS.flatMap((name) => [
    [`CONDA_${name}`, 'true'],
    [`MAMBA_${name}`, 'true'],
  ]);
  return {
    ...Object.fromEntries(chosen),
    // The environment is in no list of the user's: it is removed without conda.
    CONDA_REGISTER_ENVS: 'false',
    // What lies in the home directory of the server's user would count as installed, and be missing elsewhere.
    PYTHONNOUSERSITE: '1',
  };
}
