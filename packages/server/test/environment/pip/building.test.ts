import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { isAlive } from '../noted-program.ts';
import { asked, messageOf, NEVER, preparing } from '../preparing.ts';
import { fakePython } from './fake-python.ts';

const installsOf = async (python: { calls(): Promise<string[]> }) =>
  (await python.calls()).filter((call) => call.startsWith('install'));

/** Waits until `python` has been asked to install so often. */
async function installations(python: { calls(): Promise<string[]> }, count: number): Promise<void> {
  await expect.poll(async () => (await installsOf(python)).length).toBe(count);
}

describe('a virtual environment', () => {
  it('is made, filled and checked once for all that want the same', async () => {
    const python = await fakePython();
    const { preparer, builds, restarted } = await preparing(python.search);
    const runtimeEnv = { pip: ['six', 'tomli'] };
    await Promise.all(Array.from({ length: 5 }, () => preparer.prepareShared(asked(runtimeEnv), NEVER)));
    await preparer.prepareShared(asked({ ...runtimeEnv, env_vars: { A: 'b' } }), NEVER);
    await restarted().preparer.prepareShared(asked(runtimeEnv), NEVER);
    expect(await python.calls()).toEqual(['venv', 'install six', 'tomli', 'check']);
    expect(await builds()).toHaveLength(1);
  });

  it('is another one for other requirements, another order, another index', async () => {
    const python = await fakePython();
    const { preparer, builds, restarted } = await preparing(python.search);
    await preparer.prepareShared(asked({ pip: ['six', 'tomli'] }), NEVER);
    await preparer.prepareShared(asked({ pip: ['tomli', 'six'] }), NEVER);
    await preparer.prepareShared(asked({ pip: ['six'] }), NEVER);
    const elsewhere = { serverVariables: { PATH: process.env.PATH, PIP_INDEX_URL: 'http://127.0.0.1:1/' } };
    await restarted(elsewhere).preparer.prepareShared(asked({ pip: ['six'] }), NEVER);
    expect(await builds()).toHaveLength(4);
  });

  it('is never that of another tenant', async () => {
    const python = await fakePython();
    const { preparer, builds, attempt } = await preparing(python.search);
    const environmentOf = async (tenant: string) => {
      const request = asked({ pip: ['six'] }, tenant);
      await preparer.prepareShared(request, NEVER);
      return (await preparer.prepareAttempt(request, await attempt(tenant), NEVER)).variables.VIRTUAL_ENV;
    };
    expect(await environmentOf('north')).not.toBe(await environmentOf('south'));
    expect(await environmentOf('north')).toBe(await environmentOf('north'));
    expect(await builds()).toHaveLength(2);
  });

  it("is installed with the variables of the allow-list, not with the server's others nor the job's", async () => {
    const python = await fakePython();
    const serverVariables = {
      PATH: process.env.PATH,
      HOME: '/nowhere',
      https_proxy: 'http://127.0.0.1:1',
      PIP_FIND_LINKS: '/wheels',
      PIP_TARGET: '/elsewhere',
      SECRET_TOKEN: 'secret',
      PYTHONPATH: '/elsewhere',
    };
    const { preparer } = await preparing(python.search, { serverVariables });
    await preparer.prepareShared(asked({ pip: ['six'], env_vars: { PIP_INDEX_URL: 'http://evil', MINE: '1' } }), NEVER);
    const { PWD, OLDPWD, SHLVL, _, TMPDIR, ...variables } = await python.lastVariables();
    expect(variables).toEqual({
      PATH: process.env.PATH,
      HOME: '/nowhere',
      https_proxy: 'http://127.0.0.1:1',
      PIP_FIND_LINKS: '/wheels',
    });
    expect(TMPDIR).toMatch(/\/tmp$/);
  });

  it('is made by the pip that was asked for, and checked only where that was asked for', async () => {
    const python = await fakePython();
    const { preparer } = await preparing(python.search);
    const pip = { packages: ['six'], pip_version: '==24.0' };
    await preparer.prepareShared(asked({ pip }), NEVER);
    await preparer.prepareShared(asked({ pip: { packages: ['six'], pip_check: true } }), NEVER);
    await preparer.prepareShared(asked({ uv: ['six'] }), NEVER);
    const calls = ['venv', 'install pip==24.0', 'install six', 'venv', 'install six', 'check'];
    expect(await python.calls()).toEqual(calls);
  });

  it('gets its requirements as they are: no shell sees them', async () => {
    const python = await fakePython();
    const { preparer } = await preparing(python.search);
    const requirement = 'six; $(touch /tmp/owned) `id` "quoted" \'single\' $HOME';
    await preparer.prepareShared(asked({ pip: [requirement] }), NEVER);
    expect(await installsOf(python)).toEqual([`install ${requirement}`]);
  });

  it('that cannot be installed fails with the last lines of pip, and is tried again the next time', async () => {
    const python = await fakePython();
    const { preparer, builds } = await preparing(python.search);
    const [first, second] = await Promise.all([
      messageOf(preparer.prepareShared(asked({ pip: ['broken'] }), NEVER)),
      messageOf(preparer.prepareShared(asked({ pip: ['broken'] }), NEVER)),
    ]);
    const lines = Array.from({ length: 20 }, (_, index) => `line ${index + 11}`);
    expect(first).toBe(`pip install failed with exit code 7:\n${lines.join('\n')}`);
    expect(second).toBe(first);
    expect(await builds()).toEqual([]);
    await messageOf(preparer.prepareShared(asked({ pip: ['broken'] }), NEVER));
    expect(await installsOf(python)).toHaveLength(2);
  });

  it('that cannot reach its index fails with the last of many retries, which says why', async () => {
    const python = await fakePython();
    const { preparer } = await preparing(python.search);
    expect(await messageOf(preparer.prepareShared(asked({ pip: ['unreachable'] }), NEVER))).toBe(
      [
        'pip install failed with exit code 1:',
        "WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by 'refused 0': /six/",
        "WARNING: Retrying (Retry(total=0, connect=None)) after connection broken by 'refused 0': /tomli/",
        'ERROR: No matching distribution found for six',
      ].join('\n'),
    );
  });

  it('fails for good where the interpreter has gone since the server began', async () => {
    const interpreter = { path: '/no/such/python', version: '3.11.7', pipName: 'pip3.11' };
    const { preparer, builds } = await preparing({ found: true, interpreter });
    expect(await messageOf(preparer.prepareShared(asked({ pip: ['six'] }), NEVER))).toMatch(
      /^making the virtual environment failed with exit code 127:\n.*\/no\/such\/python/,
    );
    expect(await builds()).toEqual([]);
  });

  it('is not possible without an interpreter, and the reason says so', async () => {
    const { preparer } = await preparing({ found: false, reason: "there is no program 'python9'" });
    expect(await messageOf(preparer.prepareShared(asked({ pip: ['six'] }), NEVER))).toBe(
      "this server cannot make Python environments: there is no program 'python9'",
    );
  });
});

describe('an installation that is given up', () => {
  it('after the time it was given, with all its processes; the message says what it was at', async () => {
    const python = await fakePython();
    const { preparer, builds } = await preparing(python.search);
    const runtimeEnv = { pip: ['slow'], config: { setup_timeout_seconds: 5 } };
    expect(await messageOf(preparer.prepareShared(asked(runtimeEnv), NEVER))).toBe(
      'the environment was not ready within 5 s (config.setup_timeout_seconds); it was at: pip install:\nCollecting slow',
    );
    const pids = await python.pids();
    expect(pids).toHaveLength(2);
    expect(await Promise.all(pids.map(isAlive))).toEqual([false, false]);
    expect(await builds()).toEqual([]);
  });

  it('when its job is stopped, even where it ignores SIGTERM; nothing is left', async () => {
    const python = await fakePython();
    const { preparer, builds, warnings } = await preparing(python.search);
    const abort = new AbortController();
    const reason = new Error('stopped by its owner');
    const preparation = preparer.prepareShared(asked({ pip: ['stubborn'] }), abort.signal);
    await expect.poll(async () => (await python.pids()).length).toBe(2);
    abort.abort(reason);
    await expect(preparation).rejects.toBe(reason);
    for (const pid of await python.pids()) await expect.poll(() => isAlive(pid)).toBe(false);
    expect(await builds()).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('goes on for the others that wait for it', async () => {
    const python = await fakePython();
    const { preparer, builds } = await preparing(python.search);
    const abort = new AbortController();
    const stopped = preparer.prepareShared(asked({ pip: ['gated'] }), abort.signal);
    const other = preparer.prepareShared(asked({ pip: ['gated'] }), NEVER);
    await installations(python, 1);
    abort.abort();
    await expect(stopped).rejects.toBe(abort.signal.reason);
    await python.openGate();
    await other;
    expect(await installsOf(python)).toEqual(['install gated']);
    expect(await builds()).toHaveLength(1);
  });

  it('can be asked for again while it still ends', async () => {
    const python = await fakePython();
    const { preparer, builds } = await preparing(python.search, { killGraceMs: 60_000 });
    const abort = new AbortController();
    const stopped = preparer.prepareShared(asked({ pip: ['unwilling'] }), abort.signal);
    await installations(python, 1);
    abort.abort();
    // The turn in which it is given up.
    await new Promise((resolve) => setImmediate(resolve));
    const again = preparer.prepareShared(asked({ pip: ['unwilling'] }), NEVER);
    await installations(python, 2);
    await python.openGate();
    await expect(stopped).rejects.toBe(abort.signal.reason);
    await again;
    expect(await builds()).toHaveLength(1);
  });
});

describe('an installation that leaves processes behind', () => {
  it('ends, and takes those of its group with it', async () => {
    const python = await fakePython();
    const { preparer } = await preparing(python.search);
    await preparer.prepareShared(asked({ pip: ['leaving'] }), NEVER);
    const [pid = 0] = await python.pids();
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it('is not held up by one that went into a session of its own', async () => {
    const python = await fakePython();
    const { preparer } = await preparing(python.search);
    await preparer.prepareShared(asked({ pip: ['escaping'] }), NEVER);
    const [pid = 0] = await python.pids();
    process.kill(pid, 'SIGKILL');
  });
});

describe('installations at once', () => {
  it('are bounded; the others wait their turn', async () => {
    const python = await fakePython();
    const { preparer, cacheDir } = await preparing(python.search, { maxBuilds: 2 });
    const all = ['gated-1', 'gated-2', 'gated-3'].map((name) => preparer.prepareShared(asked({ pip: [name] }), NEVER));
    await installations(python, 2);
    expect(await readdir(cacheDir)).toHaveLength(2);
    await python.openGate();
    await Promise.all(all);
    expect(await installsOf(python)).toHaveLength(3);
  });
});
