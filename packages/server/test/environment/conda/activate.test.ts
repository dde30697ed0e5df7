import { expect, it } from 'vitest';
import { activate } from '../../../src/environment/conda/activate.ts';
import { PATIENCE_MS } from '../../engine/until.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { addFiles } from './conda-programs.ts';

async function activated(files: Record<string, string>, { timeoutMs = PATIENCE_MS } = {}) {
  const prefix = await temporaryDirectory();
  await addFiles(prefix, files);
  const variables = { HOME: '/root', LANG: 'C.UTF-8', PIP_INDEX_URL: 'http://127.0.0.1:1/' };
  const options = { variables, basePath: '/usr/bin:/bin', killGraceMs: 100 };
  return { prefix, ...(await activate(prefix, 'x', options, AbortSignal.timeout(timeoutMs))) };
}

const script = (name: string) => `etc/conda/activate.d/${name}`;

it('an environment without scripts starts no program', async () => {
  const { prefix, programs, variables } = await activated({
    'etc/conda/env_vars.d/b.json': '{"A": "second", "B": "2", "bad name": "x", "PATH": "/x", "N": 1}',
    'etc/conda/env_vars.d/a.json': '{"A": "first"}',
    'conda-meta/state': '{"env_vars": {"B": "own", "GONE": "***unset***"}}',
  });
  expect(programs).toBe(`${prefix}/bin`);
  expect(variables).toEqual({
    ...{ A: 'second', B: 'own', CONDA_PREFIX: prefix, CONDA_DEFAULT_ENV: 'x', CONDA_SHLVL: '1' },
  });
});

it('scripts run in the order of their names, see what was declared, and only what they export counts', async () => {
  const { prefix, variables } = await activated({
    'conda-meta/state': '{"env_vars": {"BASE": "declared", "LOSER": "1"}}',
    [script('2.sh')]: 'export ORDER="$ORDER 2"; unset LOSER',
    [script('1.sh')]: `export ORDER="$BASE 1"; inner=x; f() { :; }; export -f f 2>/dev/null; export LINES_="a\nb=c"`,
    [script('3.fish')]: 'exit 1',
  });
  expect(variables).toEqual({
    ...{ BASE: 'declared', ORDER: 'declared 1 2', LINES_: 'a\nb=c' },
    ...{ CONDA_PREFIX: prefix, CONDA_DEFAULT_ENV: 'x', CONDA_SHLVL: '1' },
  });
});

it('what a script puts in front of PATH stays there, and a PATH made anew is taken whole', async () => {
  const front = await activated({ [script('a.sh')]: 'export PATH="$CONDA_PREFIX/more:$PATH"; unset CONDA_SHLVL' });
  expect(front.programs).toBe(`${front.prefix}/more:${front.prefix}/bin`);
  const anew = await activated({ [script('a.sh')]: 'export PATH=/only' });
  expect(anew.programs).toBe('/only');
});

it('a script that fails is passed over, as conda does; one that ends the shell fails with its last words', async () => {
  const { variables } = await activated({ [script('a.sh')]: 'false', [script('b.sh')]: 'export B=1' });
  expect(variables.B).toBe('1');
  await expect(activated({ [script('a.sh')]: 'echo out of here; exit 3' })).rejects.toThrow(
    'activating the conda environment failed with exit code 3:\nout of here',
  );
});

it('a script that does not end is ended', async () => {
  const failure = activated({ [script('a.sh')]: 'while :; do :; done' }, { timeoutMs: 500 });
  await expect(failure).rejects.toThrow(/timeout/);
});

it('a declaration that is no JSON is named', async () => {
  await expect(activated({ 'conda-meta/state': 'x' })).rejects.toThrow(/conda-meta\/state of the conda environment/);
});
