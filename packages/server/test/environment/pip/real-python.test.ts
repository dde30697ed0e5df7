import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Interpreter } from '../../../src/environment/interpreter.ts';
import { asked, NEVER, preparing } from '../preparing.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { pipVariables, pythonOrSkip } from './local-wheel.ts';

const run = promisify(execFile);

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
