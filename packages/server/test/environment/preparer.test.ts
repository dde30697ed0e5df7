import { createHook } from 'node:async_hooks';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EnvironmentFailure, type EnvironmentRequest } from '../../src/environment/environment.ts';
import type { InterpreterSearch } from '../../src/environment/interpreter.ts';
import type { JsonObject } from '../../src/job/job.ts';
import { readTree } from './archive/unpacking.ts';
import { archiveStores, asked, NEVER, preparing } from './preparing.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { craftZip } from './zip-bytes.ts';

const NO_PYTHON: InterpreterSearch = { found: false, reason: 'not needed' };

async function archive(): Promise<string> {
  const path = join(await temporaryDirectory(), 'job.zip');
  await writeFile(path, craftZip([{ name: 'top/main.py', content: 'print(1)', method: 8 }]).bytes);
  return path;
}

/** The timers that begin before `close`, and those of them that have ended since. */
function watchTimers() {
  const begun: number[] = [];
  const ended = new Set<number>();
  let isOpen = true;
  const hook = createHook({
    init: (id, type) => {
      if (isOpen && type === 'Timeout') begun.push(id);
    },
    destroy: (id) => ended.add(id),
  }).enable();
  onTestFinished(() => void hook.disable());
  return {
    begun,
    ended,
    close: () => {
      isOpen = false;
    },
  };
}

describe('needsSharedPart', () => {
  it('is for pip, and for what fails in any case', async () => {
    const { preparer } = await preparing(NO_PYTHON);
    expect(preparer.needsSharedPart(asked({ working_dir: '/tmp' }))).toBe(false);
    expect(preparer.needsSharedPart(asked({ pip: [] }))).toBe(false);
    expect(preparer.needsSharedPart(asked({ pip: ['six'] }))).toBe(true);
    expect(preparer.needsSharedPart(asked({ working_dir: 's3://x' }))).toBe(true);
    expect(preparer.needsSharedPart(asked({ conda: 'base' }))).toBe(true);
  });
});

describe('prepareAttempt', () => {
  it('works in a directory in place', async () => {
    const { preparer, attempt } = await preparing(NO_PYTHON);
    const directory = await temporaryDirectory();
    const attemptDirectory = await attempt('a1');
    const runtimeEnv = { working_dir: directory, env_vars: { A: 'b', DROVER_WORKING_DIR: '/forged' } };
    expect(await preparer.prepareAttempt(asked(runtimeEnv), attemptDirectory, NEVER)).toEqual({
      workingDirectory: directory,
      variables: { A: 'b', DROVER_WORKING_DIR: directory, YR_WORKING_DIR: directory },
      diskBytes: 0,
    });
    expect(await readdir(attemptDirectory)).toEqual([]);
  });

  it('unpacks an archive for each attempt alone', async () => {
    const { preparer, attempt } = await preparing(NO_PYTHON);
    const runtimeEnv = { working_dir: `file://${await archive()}` };
    const attempts = await Promise.all(['a1', 'a2', 'a3'].map(attempt));
    const ready = await Promise.all(
      attempts.map((directory) => preparer.prepareAttempt(asked(runtimeEnv), directory, NEVER)),
    );
    expect(ready.map(({ workingDirectory }) => workingDirectory)).toEqual(attempts.map((path) => join(path, 'work')));
    for (const { workingDirectory, diskBytes } of ready) {
      // The folder, and the file.
      expect(diskBytes).toBe(2 * 4096);
      expect(await readTree(workingDirectory)).toEqual({ 'top/': '', 'top/main.py': 'print(1)' });
    }
  });

  it('unpacks an uploaded package, for each attempt alone', async () => {
    const path = await archive();
    const locate = async (name: string) => (name === 'p.whl' ? path : null);
    const { preparer, attempt } = await preparing(NO_PYTHON, {
      archiveStores: archiveStores({ packages: { locate } }),
    });
    for (const name of ['a1', 'a2']) {
      const directory = await attempt(name);
      const request = asked({ working_dir: 'gcs://p.whl' });
      const { workingDirectory } = await preparer.prepareAttempt(request, directory, NEVER);
      expect(workingDirectory).toBe(join(directory, 'work'));
      expect(await readTree(workingDirectory)).toEqual({ 'top/': '', 'top/main.py': 'print(1)' });
    }
    await expect(
      preparer.prepareAttempt(asked({ working_dir: 'gcs://q.zip' }), await attempt('a3'), NEVER),
    ).rejects.toThrow('gcs://q.zip is not on this server');
  });

  it('lets Python find py_modules, each in a folder of the attempt, behind the working directory', async () => {
    const { preparer, attempt } = await preparing(NO_PYTHON);
    const tools = join(await temporaryDirectory(), 'tools');
    await mkdir(tools);
    await writeFile(join(tools, '__init__.py'), '');
    const directory = await attempt('a1');
    const uri = `file://${await archive()}`;
    const request = asked({ working_dir: uri, py_modules: [tools, uri], env_vars: { PYTHONPATH: '/own' } });
    const { variables, diskBytes } = await preparer.prepareAttempt(request, directory, NEVER);
    const [work, first, second] = ['work', 'modules/0', 'modules/1'].map((name) => join(directory, name));
    expect(variables.PYTHONPATH).toBe(`${work}:${first}:${second}:/own`);
    expect(await readdir(join(first ?? '', 'tools'))).toEqual(['__init__.py']);
    expect(await readTree(second ?? '')).toEqual({ 'top/': '', 'top/main.py': 'print(1)' });
    // Two archives, each of a folder and a file.
    expect(diskBytes).toBe(4 * 4096);
    await preparer.prepareAttempt(request, directory, NEVER);
    expect((await readdir(join(directory, 'modules'))).sort()).toEqual(['0', '1']);
    const missing = asked({ py_modules: ['/no/such/module'] });
    await expect(preparer.prepareAttempt(missing, await attempt('a2'), NEVER)).rejects.toThrow(
      'py_modules /no/such/module cannot be used: there is no such directory',
    );
  });

  it("lets Ray's jobs find modules in their working directory, wherever the script lies", async () => {
    const { preparer, attempt } = await preparing(NO_PYTHON);
    const working_dir = await temporaryDirectory();
    const pathOf = async (runtimeEnv: JsonObject) => {
      const request: EnvironmentRequest = { ...asked(runtimeEnv), door: 'ray' };
      return (await preparer.prepareAttempt(request, await attempt('a1'), NEVER)).variables.PYTHONPATH;
    };
    expect(await pathOf({ working_dir })).toBe(working_dir);
    expect(await pathOf({})).toBeUndefined();
  });

  it('gives an empty folder where no working_dir is given, emptied of what a try before left', async () => {
    const { preparer, attempt } = await preparing(NO_PYTHON);
    const attemptDirectory = await attempt('a1');
    await mkdir(join(attemptDirectory, 'work'));
    await writeFile(join(attemptDirectory, 'work', 'left'), '');
    const { workingDirectory, diskBytes } = await preparer.prepareAttempt(asked({}), attemptDirectory, NEVER);
    expect(diskBytes).toBe(0);
    expect(workingDirectory).toBe(join(attemptDirectory, 'work'));
    expect(await readdir(workingDirectory)).toEqual([]);
  });

  it('fails with the reason where working_dir is not what it should be', async () => {
    const { preparer, attempt } = await preparing(NO_PYTHON);
    const path = await archive();
    const attemptDirectory = await attempt('a1');
    const messageOf = async (workingDir: string) => {
      const error = await preparer.prepareAttempt(asked({ working_dir: workingDir }), attemptDirectory, NEVER).then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(EnvironmentFailure);
      return error instanceof Error ? error.message : '';
    };
    expect(await messageOf('/no/such/directory')).toBe(
      'working_dir /no/such/directory cannot be used: there is no such directory on the machine of the server',
    );
    expect(await messageOf(path)).toBe(
      `working_dir ${path} is no directory; an archive is given as file://${path}, and unpacked`,
    );
    expect(await messageOf(`file://${path}x`)).toContain(`file://${path}x cannot be opened: there is no such file`);
    expect(await messageOf('s3://bucket/x.zip')).toContain('runtime_env.working_dir "s3://bucket/x.zip": scheme not');
    expect(await readdir(attemptDirectory)).toEqual([]);
  });

  it('names every reason at once, fields that are impossible here included', async () => {
    const { preparer, attempt } = await preparing(NO_PYTHON);
    const runtimeEnv = { conda: 'base', env_vars: { '1': 'x' } };
    await expect(preparer.prepareAttempt(asked(runtimeEnv), await attempt('a1'), NEVER)).rejects.toThrow(
      /^runtime_env\.env_vars has the name "1": .*\nruntime_env\.conda needs conda/,
    );
  });

  it('gives up an archive after the time it was given, and leaves nothing', async () => {
    const { preparer, attempt } = await preparing(NO_PYTHON);
    const path = join(await temporaryDirectory(), 'big.zip');
    await writeFile(path, craftZip([{ name: 'zeros', content: Buffer.alloc(120e6), method: 8 }]).bytes);
    const attemptDirectory = await attempt('a1');
    const runtimeEnv = { working_dir: `file://${path}`, config: { setup_timeout_seconds: 0.001 } };
    await expect(preparer.prepareAttempt(asked(runtimeEnv), attemptDirectory, NEVER)).rejects.toThrow(
      `file://${path} was not unpacked within 0.001 s (config.setup_timeout_seconds)`,
    );
    expect(await readdir(attemptDirectory)).toEqual([]);
  });

  it('holds no timer any more when an archive is unpacked, however long it might have taken', async () => {
    const { preparer, attempt } = await preparing(NO_PYTHON);
    const runtimeEnv = { working_dir: `file://${await archive()}` };
    const attemptDirectory = await attempt('a1');
    const timers = watchTimers();
    await preparer.prepareAttempt(asked(runtimeEnv), attemptDirectory, NEVER);
    timers.close();
    expect(timers.begun.length).toBeGreaterThan(0);
    await expect.poll(() => timers.begun.filter((id) => !timers.ended.has(id))).toEqual([]);
  });

  it('does nothing for a job that was stopped before', async () => {
    const { preparer, attempt } = await preparing(NO_PYTHON);
    const attemptDirectory = await attempt('a1');
    const abort = AbortSignal.abort();
    const runtimeEnv = { working_dir: `file://${await archive()}` };
    await expect(preparer.prepareAttempt(asked(runtimeEnv), attemptDirectory, abort)).rejects.toBe(abort.reason);
    expect(await readdir(attemptDirectory)).toEqual([]);
  });
});
