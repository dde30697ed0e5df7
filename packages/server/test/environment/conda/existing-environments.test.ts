import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { asked, NEVER, preparing } from '../preparing.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { type CondaLike, condaLike } from './conda-programs.ts';

async function naming() {
  const conda: CondaLike = await condaLike(await temporaryDirectory());
  const { preparer, attempt, builds } = await preparing(
    { found: false, reason: 'not needed' },
    { conda: conda.search },
  );
  let count = 0;
  return {
    conda,
    builds,
    /** What a driver of a job gets that names the environment. */
    async variablesIn(name: string) {
      count += 1;
      return (await preparer.prepareAttempt(asked({ conda: name }), await attempt(`a${count}`), NEVER)).variables;
    },
  };
}

it('an environment is found by its name, and nothing is built', async () => {
  const { conda, variablesIn, builds } = await naming();
  const prefix = await conda.addEnvironment('torch', { 'etc/conda/env_vars.d/x.json': '{"X": "1"}' });
  await conda.addEnvironment('other');
  expect(await variablesIn('torch')).toMatchObject({
    ...{ CONDA_PREFIX: prefix, CONDA_DEFAULT_ENV: 'torch', PATH: `${prefix}/bin:/usr/bin:/bin`, X: '1' },
  });
  await expect(builds()).rejects.toThrow('ENOENT');
});

it('the root is called base', async () => {
  const { conda, variablesIn } = await naming();
  for (const name of ['base', 'root']) {
    expect(await variablesIn(name)).toMatchObject({ CONDA_PREFIX: dirname(conda.path), CONDA_DEFAULT_ENV: 'base' });
  }
});

it('a name that there is not fails with those that there are', async () => {
  const { conda, variablesIn } = await naming();
  await conda.addEnvironment('torch');
  await expect(variablesIn('jax')).rejects.toThrow(
    `there is no conda environment 'jax'; there are ${dirname(conda.path)}, torch`,
  );
});

it('the program is asked once for a name that it knew, and again where that is gone', async () => {
  const { conda, variablesIn } = await naming();
  const prefix = await conda.addEnvironment('torch');
  await variablesIn('torch');
  await variablesIn('torch');
  expect(await conda.calls()).toEqual(['list']);
  await rm(prefix, { recursive: true });
  await expect(variablesIn('torch')).rejects.toThrow("there is no conda environment 'torch'");
  expect(await conda.calls()).toEqual(['list', 'list']);
});
