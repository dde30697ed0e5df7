import { describe, expect, it } from 'vitest';
import { startProgram } from '../cli/fixture/run-drover.ts';
import { details, eventually, isAlive, running, submit } from './job-api.ts';
import { DROVER } from './running-server.ts';
import { useServer } from './use-server.ts';

const server = useServer();

describe('SIGHUP without a token file', () => {
  it('ends the server in good order, as a terminal that is closed should', async () => {
    await server.start();
    const id = await submit(server.url, { entrypoint: 'sleep 100' });
    const pid = Number((await running(server.url, id)).driver_info.pid);
    const exited = new Promise((resolve) => server.process.once('exit', (code, signal) => resolve({ code, signal })));
    // The kernel and the shell both tell of a terminal that is closed.
    server.process.kill('SIGHUP');
    await eventually('the server shuts down', async () => server.log().includes('"signal":"SIGHUP"'));
    server.process.kill('SIGHUP');
    expect(await exited).toEqual({ code: 0, signal: null });
    expect(isAlive(pid)).toBe(true);

    await server.start();
    expect(await details(server.url, id)).toMatchObject({ status: 'RUNNING', driver_info: { pid: String(pid) } });
    await fetch(`${server.url}/api/jobs/${id}/stop`, { method: 'POST' });
    await fetch(`${server.url}/api/v1/jobs/${id}/wait?timeout=60`);
  });

  it('is ignored where whoever started the server had it ignored', async () => {
    const args = ['serve', '--port', '0', '--data-dir', server.dataDir];
    const run = startProgram(['nohup', DROVER, ...args]);
    await run.shows('stdout', 'listening on ');
    run.child.kill('SIGHUP');
    run.child.kill('SIGTERM');
    const { code, stderr } = await run.outcome;
    expect(code).toBe(0);
    expect(stderr).toContain('"signal":"SIGTERM"');
  });
});
