import { execFile } from 'node:child_process';
import { chmod, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Interpreter } from '../../../src/environment/interpreter.ts';
import { asked, NEVER, preparing } from '../preparing.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { pipVariables, pythonOrSkip } from './local-wheel.ts';

const run = promisify(execFile);

const SYSTEM_PYTHON = '/usr/bin/python3';

async function preparingWithWheels(interpreter: Interpreter) {
  const serverVariables = {
    PATH: process.env.PATH,
    HOME: await temporaryDirectory(),
    ...(await pipVariables()),
  };
  return preparing({ found: true, interpreter }, { serverVariables });
}

describe('with the real Python', { timeout: 120_000 }, () => {
  it("installs a wheel, and the driver's python finds it", async (ctx) => {
    const { preparer, attempt } = await preparingWithWheels(await pythonOrSkip(ctx));
    const { variables } = await preparer.prepareAttempt(
      asked({ pip: ['drover-probe==1.0'] }),
      await attempt('a1'),
      NEVER,
    );
    const code = 'import drover_probe, sys; print(drover_probe.ANSWER, sys.prefix)';
    const { stdout } = await run('/bin/sh', ['-c', `python -c '${code}' && pip --version`], { env: variables });
    expect(stdout).toContain(`42 ${variables.VIRTUAL_ENV}\npip `);
    expect(stdout).toContain(`from ${variables.VIRTUAL_ENV}`);
  });

  it('makes one that other users can run where they are to, also one that was made before', async (ctx) => {
    if (process.getuid?.() !== 0) return ctx.skip('only root can run programs as another user');
    const nobody = { uid: 65_534, gid: 65_534 };
    const { preparer, attempt, cacheDir, builds, restarted } = await preparingWithWheels(
      await pythonOrSkip(ctx, SYSTEM_PYTHON),
    );
    const request = asked({ pip: ['drover-probe'] });
    await preparer.prepareShared(request, NEVER);
    await chmod(cacheDir, 0o711);
    await chmod(dirname(cacheDir), 0o711);
    const { variables } = await preparer.prepareAttempt(request, await attempt('a1'), NEVER);
    const python = join(variables.VIRTUAL_ENV ?? '', 'bin', 'python');
    const probe = () => run(python, ['-c', 'import drover_probe; print(drover_probe.ANSWER)'], { ...nobody, cwd: '/' });
    await expect(probe()).rejects.toThrow('EACCES');
    const [build = ''] = await builds();
    // As earlier versions have left it.
    await chmod(join(cacheDir, build, 'requirements.txt'), 0o444);
    const opened = restarted({ isOpenToOthers: true });
    await opened.preparer.prepareShared(request, NEVER);
    expect((await probe()).stdout).toBe('42\n');
    expect((await stat(join(cacheDir, build))).mode & 0o777).toBe(0o511);
    expect((await stat(join(cacheDir, build, 'requirements.txt'))).mode & 0o777).toBe(0o400);

    await opened.preparer.prepareShared(asked({ pip: ['drover-probe==1.0'] }), NEVER);
    const fresh = (await builds()).filter((name) => name !== build);
    expect(await Promise.all(fresh.map(async (name) => (await stat(join(cacheDir, name))).mode & 0o777))).toEqual([
      0o511,
    ]);
  });

  it('makes an environment that no driver can change by accident, and that can be used and removed', async (ctx) => {
    const { preparer, attempt, builds, warnings, restarted } = await preparingWithWheels(await pythonOrSkip(ctx));
    const request = asked({ pip: ['drover-probe'] });
    const { variables } = await preparer.prepareAttempt(request, await attempt('a1'), NEVER);
    const environment = variables.VIRTUAL_ENV ?? '';
    const { stdout: writable } = await run('find', [environment, '!', '-type', 'l', '-perm', '/222']);
    expect(writable).toBe('');
    const { stdout: compiled } = await run('find', [environment, '-name', 'drover_probe.*.pyc']);
    expect(compiled).not.toBe('');
    const { stdout } = await run('python', ['-c', 'import drover_probe; print(drover_probe.ANSWER)'], {
      env: variables,
    });
    expect(stdout).toBe('42\n');

    if (process.getuid?.() !== 0) {
      await expect(run('pip', ['uninstall', '--yes', 'drover-probe'], { env: variables })).rejects.toThrow(/denied/);
    }
    const nowMs = Date.now() + 365 * 24 * 60 * 60 * 1000;
    await restarted({ now: () => nowMs }).preparer.sweep([]);
    expect(await builds()).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it('fails with what pip said of a requirement that there is not', async (ctx) => {
    const { preparer, builds } = await preparingWithWheels(await pythonOrSkip(ctx));
    const failure = preparer.prepareShared(asked({ pip: ['drover-probe==9.9'] }), NEVER);
    await expect(failure).rejects.toThrow(
      /^pip install failed with exit code 1:\n[\s\S]*No matching distribution found for drover-probe==9\.9/,
    );
    expect(await builds()).toEqual([]);
  });
});
