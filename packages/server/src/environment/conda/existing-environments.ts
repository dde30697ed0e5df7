import { realpath } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { createOutputCapture } from '../build/capture.ts';
import { runStep } from '../build/steps.ts';
import { createSharedBuilds, type Waiter } from '../cache/shared-builds.ts';
import { EnvironmentFailure } from '../environment.ts';
import { pathExists } from '../path-exists.ts';

export interface ExistingEnvironmentOptions {
  /** conda, mamba or micromamba. */
  program: string;
  /** See `pickCondaVariables`. */
  variables: Readonly<Record<string, string>>;
  killGraceMs: number;
  warn(message: string, error: unknown): void;
}

/** Environments that were made by others, which jobs name. */
export interface ExistingEnvironments {
  /**
   * Where the environment lies. The program is asked once, and again for a name that it did not know, or that is gone.
   * @throws {EnvironmentFailure} where there is none of that name; the reason of the waiter's signal
   */
  find(name: string, waiter: Waiter): Promise<string>;
}

const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const NAMES_IN_MESSAGE = 20;

export function createExistingEnvironments(options: ExistingEnvironmentOptions): ExistingEnvironments {
  const questions = createSharedBuilds<string[]>((error) => options.warn('asking conda failed', error));
  const found = new Map<string, string>();

  function list(waiter: Waiter): Promise<string[]> {
    return questions.join('list', waiter, async (context) => {
      context.onBegin();
      const answer = createOutputCapture(MAX_ANSWER_BYTES);
      const step = { name: 'conda env list', program: options.program, args: ['env', 'list', '--json'] };
      await runStep(step, { ...options, directory: '/', onOutput: answer.add }, context);
      return readAnswer(answer.text());
    });
  }

  return {
    async find(name, waiter) {
      const known = found.get(name);
      if (known !== undefined && (await isEnvironment(known))) return known;
      const prefixes = await list(waiter);
      const prefix = await pick(name, prefixes, options.program);
      if (prefix === null) throw new EnvironmentFailure(`there is no conda environment '${name}'${others(prefixes)}`);
      found.set(name, prefix);
      return prefix;
    },
  };
}

/** Whether a directory is the top of a conda environment. */
export function isEnvironment(prefix: string): Promise<boolean> {
  return pathExists(join(prefix, 'conda-meta'));
}

/** What conda calls an environment: a path, unless it lies where those with names do. */
export function nameOf(prefix: string): string {
  return basename(dirname(prefix)) === 'envs' ? basename(prefix) : prefix;
}

async function pick(name: string, prefixes: readonly string[], program: string): Promise<string | null> {
  if (name === 'base') return findRoot(prefixes, program);
  const ofThatName = prefixes.filter((prefix) => basename(prefix) === name);
  return ofThatName.find((prefix) => nameOf(prefix) === name) ?? ofThatName[0] ?? null;
}

/** The one that the program lies in, or else one that others lie in. */
async function findRoot(prefixes: readonly string[], program: string): Promise<string | null> {
  const path = await realpath(program);
  const own = prefixes.find((prefix) => path.startsWith(prefix + sep));
  if (own !== undefined) return own;
  for (const prefix of prefixes) if (await pathExists(join(prefix, 'envs'))) return prefix;
  return null;
}

/** Some versions write notices before the JSON. */
function readAnswer(text: string | null): string[] {
  const begin = text?.indexOf('{') ?? -1;
  const parsed: unknown = text === null || begin < 0 ? null : parseOrNull(text.slice(begin));
  const prefixes = typeof parsed === 'object' && parsed !== null && 'envs' in parsed ? parsed.envs : null;
  if (!Array.isArray(prefixes))
    throw new EnvironmentFailure('conda env list did not answer with a list of environments');
  return prefixes.filter((prefix) => typeof prefix === 'string');
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function others(prefixes: readonly string[]): string {
  const names = prefixes.map(nameOf).slice(0, NAMES_IN_MESSAGE);
  return names.length === 0 ? '; there is none at all' : `; there are ${names.join(', ')}`;
}
