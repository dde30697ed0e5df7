import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runStep, type Step, type StepContext, sealSteps } from '../build/steps.ts';
import type { PipPlan } from '../environment.ts';
import type { Interpreter } from '../interpreter.ts';

export interface BuildOrder {
  /** Does not exist yet, never to be used again: a virtual environment cannot be moved. */
  directory: string;
  interpreter: Interpreter;
  plan: PipPlan;
  /** See `pickBuildVariables`. */
  variables: Readonly<Record<string, string>>;
  killGraceMs: number;
}

/** Where the virtual environment lies inside its build's directory. */
export function virtualEnvironmentIn(directory: string): string {
  return join(directory, 'venv');
}

/**
 * Builds a virtual environment, and makes it read-only. When this resolves, it is on disk to stay; when it rejects, what was made of it is for the
 * caller to remove, and nothing writes to it any more.
 *
 * @throws {EnvironmentFailure} with the last lines of whatever failed; the signal's reason where it aborts
 */
export async function buildEnvironment(order: BuildOrder, context: StepContext): Promise<void> {
  const { directory, plan } = order;
  const temporaryDirectory = join(directory, 'tmp');
  await mkdir(directory, { mode: 0o700 });
  await mkdir(temporaryDirectory);
  // Addresses in it may carry passwords.
  await writeFile(requirementsFile(directory), `${plan.requirements.join('\n')}\n`, { mode: 0o600 });
  // Its own TMPDIR, so that a killed pip leaves its unpacked sources nowhere else.
  const variables = { ...order.variables, TMPDIR: temporaryDirectory };
  for (const step of installSteps(order)) await runStep(step, { ...order, variables }, context);
  await rm(temporaryDirectory, { recursive: true, force: true });
  for (const step of sealSteps(directory)) await runStep(step, order, context);
}

function requirementsFile(directory: string): string {
  return join(directory, 'requirements.txt');
}

function installSteps({ directory, interpreter, plan }: BuildOrder): Step[] {
  const environment = virtualEnvironmentIn(directory);
  const python = join(environment, 'bin', 'python');
  const pip = ['-m', 'pip', '--no-input', '--disable-pip-version-check', '--no-color'];
  const { check, pipVersion } = plan;
  return [
    { name: 'making the virtual environment', program: interpreter.path, args: ['-m', 'venv', environment] },
    ...(pipVersion === null
      ? []
      : [{ name: `installing pip${pipVersion}`, program: python, args: [...pip, 'install', `pip${pipVersion}`] }]),
    {
      name: 'pip install',
      program: python,
      // Compiled now, whatever pip's configuration says: drivers cannot write the compiled files.
      args: [...pip, 'install', '--compile', '--progress-bar', 'off', '-r', requirementsFile(directory)],
    },
    ...(check ? [{ name: 'pip check', program: python, args: [...pip, 'check'] }] : []),
  ];
}
