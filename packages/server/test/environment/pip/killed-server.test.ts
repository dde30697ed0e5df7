import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isAlive } from '../noted-program.ts';
import { asked, NEVER, preparing } from '../preparing.ts';
import { fakePython } from './fake-python.ts';

const SERVER = fileURLToPath(new URL('building-server.ts', import.meta.url));

describe('a server that is killed while it installs', () => {
  // Both are silent: a broken pipe would tell them nothing.
  it.each(['slow', 'stubborn'])('takes a %s installation with it, and the next server begins anew', async (name) => {
    const python = await fakePython();
    const next = await preparing(python.search);
    const args = [SERVER, next.cacheDir, python.path, name];
    const server = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    onTestFinished(() => void server.kill('SIGKILL'));
    await expect.poll(async () => (await python.pids()).length).toBe(2);
    server.kill('SIGKILL');
    await once(server, 'exit');
    for (const pid of await python.pids()) await expect.poll(() => isAlive(pid)).toBe(false);

    expect(await next.builds()).toHaveLength(1);
    await next.preparer.sweep([]);
    expect(await next.builds()).toEqual([]);
    await next.preparer.prepareShared(asked({ pip: ['six'] }), NEVER);
    expect(await next.builds()).toHaveLength(1);
  });
});
