import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { type CondaSearch, findConda } from '../../../src/environment/conda/find-conda.ts';
import { findInterpreter } from '../../../src/environment/interpreter.ts';

/** The fixture in a folder of its own: a program with conda's command line, and what it noted. */
export interface CondaLike {
  search: CondaSearch;
  path: string;
  /** What was called, a line each: `create PACKAGES`, `list`; and pids of installations that hang, as `pid N`. */
  calls(): Promise<string[]>;
  pids(): Promise<number[]>;
  /** Lets installations of `gated…` go on. */
  openGate(): Promise<void>;
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
  await mkdir(home, { recursive: true });
  const path = join(home, 'conda');
  await writeFile(path, `#!${python.interpreter.path}\n${await readFile(PROGRAM, 'utf8')}`);
  await chmod(path, 0o755);
  await writeFile(join(home, 'calls'), '');
  const calls = async () => (await readFile(join(home, 'calls'), 'utf8')).split('\n').filter((line) => line !== '');
  return {
    search: { found: true, path },
    path,
    calls,
    async pids() {
      return (await calls()).filter((line) => line.startsWith('pid ')).map((line) => Number(line.slice(4)));
    },
    openGate: () => writeFile(join(home, 'gate'), ''),
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
