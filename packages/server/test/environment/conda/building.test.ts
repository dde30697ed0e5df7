import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, type TestContext } from 'vitest';
import type { CondaSearch } from '../../../src/environment/conda/find-conda.ts';
import { isAlive } from '../noted-program.ts';
import { pipVariables } from '../pip/local-wheel.ts';
import { asked, messageOf, NEVER, preparing } from '../preparing.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { condaLike, condaOrSkip } from './conda-programs.ts';
import { localChannel } from './local-channel.ts';

const run = promisify(execFile);

const NO_PYTHON = { found: false, reason: 'not needed' } as const;
const DAY_MS = 24 * 60 * 60 * 1000;

const fixture = async () => condaLike(await temporaryDirectory());

/** A described environment of packages that lie in no channel. */
const described = (...dependencies: string[]) => ({ conda: { dependencies } });

const PROGRAMS: [string, (ctx: TestContext) => Promise<CondaSearch>][] = [
  ['a program that has the command line of conda, and is none', async () => (await fixture()).search],
  ["the machine's own conda", condaOrSkip],
];

describe.each(PROGRAMS)('an environment made by %s', { timeout: 120_000 }, (_, findProgram) => {
  it('holds its packages, and drivers run activated in it', async (ctx) => {
    const conda = await findProgram(ctx);
    const serverVariables = { PATH: process.env.PATH, HOME: await temporaryDirectory() };
    const { preparer, attempt } = await preparing(NO_PYTHON, { conda, serverVariables });
    const specification = {
      ...{ name: 'ignored', prefix: '/ignored', channels: [await localChannel(), 'nodefaults'] },
      ...{ dependencies: ['drover-greeting=1.2'], variables: { DROVER_OWN: 'declared' } },
    };
    const request = asked({ conda: specification, env_vars: { PATH: '/usr/bin', MINE: '1' } });
    await preparer.prepareShared(request, NEVER);
    const { variables } = await preparer.prepareAttempt(request, await attempt('a1'), NEVER);
    const prefix = variables.CONDA_PREFIX ?? '';
    expect(variables).toMatchObject({
      ...{ CONDA_DEFAULT_ENV: prefix, CONDA_SHLVL: '1', PATH: `${prefix}/bin:/usr/bin`, MINE: '1' },
      ...{ DROVER_MANNERS: 'hello', DROVER_SCRIPT: `bash in ${prefix}`, DROVER_OWN: 'declared' },
    });
    const { stdout } = await run('/bin/sh', ['-c', 'drover-greet world'], { env: variables });
    expect(stdout).toBe('hello, world\n');
    expect((await run('find', [prefix, '!', '-type', 'l', '-perm', '/222'])).stdout).toBe('');
  });

  it('fails with what the program said of a package that there is not', async (ctx) => {
    const conda = await findProgram(ctx);
    const serverVariables = { PATH: process.env.PATH, HOME: await temporaryDirectory() };
    const { preparer, builds } = await preparing(NO_PYTHON, { conda, serverVariables });
    const specification = { channels: [await localChannel(), 'nodefaults'], dependencies: ['drover-nothing'] };
    const message = await messageOf(preparer.prepareShared(asked({ conda: specification }), NEVER));
    expect(message).toMatch(/^conda env create failed with exit code \d+:\n[\s\S]*drover-nothing/);
    expect(await builds()).toEqual([]);
  });
});

describe('a conda environment', () => {
  it('is made once for all that want the same, and another one for another tenant, set, order or channel', async () => {
    const conda = await fixture();
    const { preparer, builds, restarted } = await preparing(NO_PYTHON, { conda: conda.search });
    await Promise.all([1, 2, 3].map(() => preparer.prepareShared(asked(described('empty')), NEVER)));
    await preparer.prepareShared(asked({ ...described('empty'), env_vars: { A: 'b' } }), NEVER);
    await restarted().preparer.prepareShared(asked(described('empty')), NEVER);
    expect(await conda.calls()).toEqual(['create empty']);
    await preparer.prepareShared(asked(described('empty'), 'other'), NEVER);
    await preparer.prepareShared(asked(described('empty', 'empty-2')), NEVER);
    await preparer.prepareShared(asked(described('empty-2', 'empty')), NEVER);
    await preparer.prepareShared(asked({ conda: { channels: ['x'], dependencies: ['empty'] } }), NEVER);
    expect(await builds()).toHaveLength(5);
  });

  it('gets packages of pip too, from where the operator says', async () => {
    const conda = await fixture();
    const serverVariables = { PATH: process.env.PATH, HOME: await temporaryDirectory(), ...(await pipVariables()) };
    const { preparer, attempt } = await preparing(NO_PYTHON, { conda: conda.search, serverVariables });
    const request = asked({ conda: { dependencies: ['python', { pip: ['# a comment', 'drover-probe==1.0'] }] } });
    const { variables } = await preparer.prepareAttempt(request, await attempt('a1'), NEVER);
    const code = 'import drover_probe, sys; print(drover_probe.ANSWER, sys.prefix)';
    const { stdout } = await run('/bin/sh', ['-c', `python -c '${code}'`], { env: variables });
    expect(stdout).toBe(`42 ${variables.CONDA_PREFIX}\n`);
  });

  it("is made with the variables of the allow-list, not with the server's others nor the job's", async () => {
    const conda = await fixture();
    const serverVariables = {
      PATH: process.env.PATH,
      CONDARC: '/etc/condarc',
      SECRET_TOKEN: 'secret',
      PIP_TARGET: '/x',
    };
    const { preparer } = await preparing(NO_PYTHON, { conda: conda.search, serverVariables });
    await preparer.prepareShared(asked({ ...described('empty'), env_vars: { CONDA_OFFLINE: '1' } }), NEVER);
    const { PWD, OLDPWD, SHLVL, _, LC_CTYPE, TMPDIR, ...variables } = await conda.lastVariables();
    expect(variables).toEqual({
      ...{ PATH: process.env.PATH, CONDARC: '/etc/condarc', PYTHONNOUSERSITE: '1', CONDA_REGISTER_ENVS: 'false' },
      ...{ CONDA_ALWAYS_YES: 'true', MAMBA_ALWAYS_YES: 'true', CONDA_ALWAYS_COPY: 'true', MAMBA_ALWAYS_COPY: 'true' },
    });
    expect(TMPDIR).toMatch(/\/tmp$/);
  });

  it('is never built while another one is: conda writes to a cache of its own', async () => {
    const conda = await fixture();
    const { preparer, cacheDir } = await preparing(NO_PYTHON, { conda: conda.search });
    const all = ['gated-1', 'gated-2'].map((name) => preparer.prepareShared(asked(described(name)), NEVER));
    await expect.poll(() => conda.calls()).toHaveLength(1);
    expect(await readdir(cacheDir)).toHaveLength(1);
    await conda.openGate();
    await Promise.all(all);
    expect(await conda.calls()).toEqual(['create gated-1', 'create gated-2']);
  });

  it('is kept while an attempt uses it, and removed when none did for long', async () => {
    const conda = await fixture();
    let nowMs = Date.now();
    const options = { conda: conda.search, now: () => nowMs, cacheMaxAgeMs: DAY_MS };
    const { preparer, attempt, restarted } = await preparing(NO_PYTHON, options);
    const attemptDirectory = await attempt('a1');
    await preparer.prepareAttempt(asked(described('empty')), attemptDirectory, NEVER);
    nowMs += 2 * DAY_MS;
    const next = restarted();
    await next.preparer.sweep([attemptDirectory]);
    expect(await next.builds()).toHaveLength(1);
    await next.preparer.sweep([]);
    expect(await next.builds()).toEqual([]);
  });
});

describe('an installation of conda that is given up', () => {
  it('after the time it was given, with all its processes; the message says what it was at', async () => {
    const conda = await fixture();
    const { preparer, builds } = await preparing(NO_PYTHON, { conda: conda.search });
    const runtimeEnv = { ...described('hanging'), config: { setup_timeout_seconds: 5 } };
    expect(await messageOf(preparer.prepareShared(asked(runtimeEnv), NEVER))).toBe(
      'the environment was not ready within 5 s (config.setup_timeout_seconds); it was at: conda env create',
    );
    const pids = await conda.pids();
    expect(pids).toHaveLength(2);
    expect(await Promise.all(pids.map(isAlive))).toEqual([false, false]);
    expect(await builds()).toEqual([]);
  });

  it('when its job is stopped, even where it ignores SIGTERM; nothing is left', async () => {
    const conda = await fixture();
    const { preparer, builds, warnings } = await preparing(NO_PYTHON, { conda: conda.search });
    const abort = new AbortController();
    const reason = new Error('stopped by its owner');
    const preparation = preparer.prepareShared(asked(described('stubborn')), abort.signal);
    await expect.poll(async () => (await conda.pids()).length).toBe(2);
    abort.abort(reason);
    await expect(preparation).rejects.toBe(reason);
    for (const pid of await conda.pids()) await expect.poll(() => isAlive(pid)).toBe(false);
    expect(await builds()).toEqual([]);
    expect(warnings).toEqual([]);
  });
});

describe('without conda', () => {
  it('the reason says what is missing, and an environment that a path names is used all the same', async () => {
    const conda = { found: false, reason: "the server's PATH has none of them" } as const;
    const { preparer, attempt } = await preparing(NO_PYTHON, { conda });
    for (const wish of ['base', { dependencies: ['python'] }]) {
      expect(await messageOf(preparer.prepareShared(asked({ conda: wish }), NEVER))).toBe(
        "runtime_env.conda needs conda, mamba or micromamba: the server's PATH has none of them",
      );
    }
    const prefix = await (await fixture()).addEnvironment('torch');
    const { variables } = await preparer.prepareAttempt(asked({ conda: prefix }), await attempt('a1'), NEVER);
    expect(variables).toMatchObject({ CONDA_PREFIX: prefix, CONDA_DEFAULT_ENV: 'torch' });
    expect(await messageOf(preparer.prepareShared(asked({ conda: join(prefix, 'bin') }), NEVER))).toBe(
      `conda ${prefix}/bin is no conda environment`,
    );
  });
});
