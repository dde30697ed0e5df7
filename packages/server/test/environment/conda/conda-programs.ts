import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { type CondaSearch, findConda } from '../../../src/environment/conda/find-conda.ts';
import { findInterpreter } from '../../../src/environment/interpreter.ts';
import { type NotedProgram, placeProgram } from '../noted-program.ts';

/**
 * The fixture in a folder of its own: a program with conda's command line. Its calls are `create PACKAGES` and `list`; installations of
 * `gated…` wait for the gate.
 */
export interface CondaLike extends NotedProgram {
  search: CondaSearch;
  /** The environment that the last installation ran with. */
  lastVariables(): Promise<Record<string, string>>;
  /** Makes an environment of that name, with these files. */
  addEnvironment(name: string, files?: Readonly<Record<string, string>>): Promise<string>;
}

const PROGRAM = new URL('fixture/conda.py', import.meta.url);

/** @param home where it lies, with all that it knows; made where it is missing */
export async function condaLike(home: string): Promise<CondaLike> {
  const python = await findInterpreter('python3', { PATH: process.env.PATH ?? '' });
  if (!python.found) throw new Error(python.reason);
  const text = `#!${python.interpreter.path}\n${await readFile(PROGRAM, 'utf8')}`;
  const program = await placeProgram(home, 'conda', text);
  return {
    ...program,
    search: { found: true, path: program.path },
    async lastVariables() {
      return JSON.parse(await readFile(join(home, 'variables'), 'utf8'));
    },
    async addEnvironment(name, files = {}) {
      const prefix = join(home, 'envs', name);
      await addFiles(prefix, { 'conda-meta/history': '', ...files });
      return prefix;
    },
  };
}

/** Writes files below a folder; those in `bin` can be executed. */
export async function addFiles(directory: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(directory, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, content, { mode: name.startsWith('bin/') ? 0o755 : 0o644 });
  }
}

/** The machine's own conda, mamba or micromamba. */
export async function condaOrSkip(ctx: TestContext): Promise<CondaSearch> {
  const search = await findConda(null, process.env.PATH ?? '');
  return search.found ? search : ctx.skip('needs conda, mamba or micromamba in PATH');
}
