import { EnvironmentFailure } from '../environment.ts';
import { createOutputTail } from './output-tail.ts';
import { type CommandEnd, runCommand } from './run-command.ts';

/** One program of a build. */
export interface Step {
  /** How messages name it. */
  name: string;
  program: string;
  args: readonly string[];
}

export interface StepContext {
  signal: AbortSignal;
  /** Called at each step with a function that says what it is at, for whoever loses patience. */
  onStep(describe: () => string): void;
}

export interface StepOptions {
  /** Where it runs. */
  directory: string;
  /** Its whole environment; see `pickBuildVariables`. */
  variables: Readonly<Record<string, string>>;
  killGraceMs: number;
  /** Takes what the program writes to its standard output, which is no part of messages then. */
  onOutput?: (bytes: Buffer) => void;
}

/**
 * Runs a program to its end.
 *
 * @throws {EnvironmentFailure} with the last lines of it, where it fails; the signal's reason where it aborts
 */
export async function runStep(step: Step, options: StepOptions, { signal, onStep }: StepContext): Promise<void> {
  const output = createOutputTail();
  onStep(() => withOutput(`it was at: ${step.name}`, output.text()));
  const { directory, variables, killGraceMs, onOutput = output.add } = options;
  const command = { program: step.program, args: step.args, directory, variables };
  const end = await runCommand(command, { stdout: onOutput, stderr: output.add }, { signal, killGraceMs });
  if (end.exitCode !== 0) throw new EnvironmentFailure(withOutput(`${step.name} ${describeEnd(end)}`, output.text()));
}

/**
 * Make what was built read-only and durable: all drivers that share it run as its owner, and one that installs or caches
 * something there would change it for the others. That guards against accidents, not against malice: the owner
 * can take the right to write back, and root needs none.
 */
export function sealSteps(directory: string): Step[] {
  return [
    // It does not follow links, such as the one to the interpreter.
    { name: 'making the environment read-only', program: 'chmod', args: ['-R', 'a-w', directory] },
    // Thousands of files that nobody has flushed: after a power cut the cache must not hold empty ones.
    { name: 'writing the environment to disk', program: 'sync', args: [] },
  ];
}

function describeEnd(end: CommandEnd): string {
  return end.exitCode === null ? `was ended by ${end.signal}` : `failed with exit code ${end.exitCode}`;
}

function withOutput(message: string, output: string): string {
  return output === '' ? message : `${message}:\n${output}`;
}
