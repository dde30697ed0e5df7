import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EnvironmentFailure, type PipPlan } from '../environment.ts';
import type { Interpreter } from '../interpreter.ts';
import { createOutputTail } from './output-tail.ts';
import { type CommandEnd, runCommand } from './run-command.ts';

export interface BuildOrder {
  /** Does not exist yet, never to be used again: a virtual environment cannot be moved. */
  directory: string;
  interpreter: Interpreter;
  plan: PipPlan;
  /** See `pickBuildVariables`. */
  variables: Readonly<Record<string, string>>;
  killGraceMs: number;
}

export interface BuildContext {
  signal: AbortSignal;
  /** Called at each step with a function that says what it is at, for whoever loses patience. */
  onStep(describe: () => string): void;
}

interface Step {
  /** How messages name it. */
  name: string;
  program: string;
  args: readonly string[];
}

/** Where the virtual environment lies inside its build's directory. */
export function virtualEnvironmentIn(directory: string): string {
  return join(directory, 'venv');
}

/**
 * Builds a virtual environment, and makes it read-only: all drivers that share it run as its owner, and one that installs or caches
 * something there would change it for the others. That guards against accidents, not against malice: the owner
 * can take the right to write back, and root needs none.
 *
 * When this resolves, it is on disk to stay; when it rejects, what was made of it is for the
 * caller to remove, and nothing writes to it any more.
 *
 * @throws {EnvironmentFailure} with the last lines of whatever failed; the signal's reason where it aborts
 */
export async function buildEnvironment(order: BuildOrder, context: BuildContext): Promise<void> {
  const { directory, plan } = order;
  const temporaryDirectory = join(directory, 'tmp');
  await mkdir(directory, { mode: 0o700 });
  await mkdir(temporaryDirectory);
  await writeFile(requirementsFile(directory), `${plan.requirements.join('\n')}\n`);
  // Its own TMPDIR, so that a killed pip leaves its unpacked sources nowhere else.
  const variables = { ...order.variables, TMPDIR: temporaryDirectory };
  for (const step of installSteps(order)) await runStep(step, { ...order, variables }, context);
  await rm(temporaryDirectory, { recursive: true, force: true });
  for (const step of sealSteps(order)) await runStep(step, order, context);
}

function pythonIn(directory: string): string {
  return join(virtualEnvironmentIn(directory), 'bin', 'python');
}

function requirementsFile(directory: string): string {
  return join(directory, 'requirements.txt');
}

function installSteps({ directory, interpreter, plan }: BuildOrder): Step[] {
  const environment = virtualEnvironmentIn(directory);
  const python = pythonIn(directory);
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

function sealSteps({ directory }: BuildOrder): Step[] {
  return [
    // It does not follow links, such as the one to the interpreter.
    { name: 'making the environment read-only', program: 'chmod', args: ['-R', 'a-w', directory] },
    // Thousands of files that nobody has flushed: after a power cut the cache must not hold empty ones.
    {
      name: 'writing the environment to disk',
      program: pythonIn(directory),
      args: ['-I', '-c', 'import os; os.sync()'],
    },
  ];
}

async function runStep(step: Step, order: BuildOrder, { signal, onStep }: BuildContext): Promise<void> {
  const output = createOutputTail();
  onStep(() => withOutput(`it was at: ${step.name}`, output.text()));
  const { directory, variables, killGraceMs } = order;
  const command = { program: step.program, args: step.args, directory, variables };
  const end = await runCommand(command, output, { signal, killGraceMs });
  if (end.exitCode !== 0) throw new EnvironmentFailure(withOutput(`${step.name} ${describeEnd(end)}`, output.text()));
}

function describeEnd(end: CommandEnd): string {
  return end.exitCode === null ? `was ended by ${end.signal}` : `failed with exit code ${end.exitCode}`;
}

function withOutput(message: string, output: string): string {
  return output === '' ? message : `${message}:\n${output}`;
}
