import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findInterpreter } from '../../src/environment/interpreter.ts';
import { temporaryDirectory } from './temporary-directory.ts';

async function program(text: string): Promise<string> {
  const path = join(await temporaryDirectory(), 'python');
  await writeFile(path, text);
  await chmod(path, 0o755);
  return path;
}

describe('findInterpreter', () => {
  it('tells path, version and the name of pip', async () => {
    const python = await program('#!/bin/sh\necho /usr/bin/python3.12\necho 3.12.4\n');
    expect(await findInterpreter(python, {})).toEqual({
      found: true,
      interpreter: { path: '/usr/bin/python3.12', version: '3.12.4', pipName: 'pip3.12' },
    });
  });

  it('looks a name up in the PATH that it is given', async () => {
    const python = await program('#!/bin/sh\necho /found\necho 3.9.1\n');
    const found = await findInterpreter('python', { PATH: join(python, '..') });
    expect(found).toMatchObject({ found: true, interpreter: { pipName: 'pip3.9' } });
  });

  it('says why there is none', async () => {
    const reasonOf = async (python: string) => {
      const search = await findInterpreter(python, { PATH: '/usr/bin:/bin' });
      return search.found ? 'found' : search.reason;
    };
    expect(await reasonOf('no-such-python')).toBe("there is no program 'no-such-python'");
    const silent = await program('#!/bin/sh\necho hello\n');
    expect(await reasonOf(silent)).toBe(`'${silent}' does not answer as Python does`);
    const broken = await program('#!/bin/sh\necho boom >&2\nexit 3\n');
    expect(await reasonOf(broken)).toBe(`'${broken}' could not tell its version: boom`);
    await chmod(broken, 0o644);
    expect(await reasonOf(broken)).toBe(`'${broken}' cannot be executed`);
  });

  it('asks the real one', async (ctx) => {
    const search = await findInterpreter('python3', { PATH: process.env.PATH ?? '' });
    if (!search.found) return ctx.skip(search.reason);
    expect(search.interpreter.version).toMatch(/^3\.\d+\.\d+$/);
    expect(search.interpreter.path).toMatch(/^\//);
  });
});
