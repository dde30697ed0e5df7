import { describe, expect, it } from 'vitest';
import { startFakeApi } from './fixture/fake-api.ts';
import { runDrover, startDrover } from './fixture/run-drover.ts';

function ended(exitCode: number | null) {
  const code = exitCode === 0 ? 'NONE' : exitCode === null ? 'DRIVER_LOST' : 'ENTRYPOINT_FAILED';
  return { status: exitCode === 0 ? 'SUCCEEDED' : 'FAILED', end: { code, message: '', exit_code: exitCode } } as const;
}

describe('wait', () => {
  it.each([
    [[0], 0],
    [[137], 137],
    [[null], 125],
    [[0, 3, 4], 3],
    [[0, null], 125],
  ])('of jobs that ended with %j exits with %i', async (exitCodes, expected) => {
    const api = await startFakeApi();
    const ids = exitCodes.map((exitCode, index) => {
      api.add({ id: `job-${index}`, ...ended(exitCode) });
      return `job-${index}`;
    });
    const { code, stdout } = await runDrover(['wait', ...ids], { address: api.address });
    expect(code).toBe(expected);
    expect(stdout.match(/^job-\d/gm)).toEqual(ids);
  });

  it('waits for the end', async () => {
    const api = await startFakeApi();
    api.add({ id: 'a' });
    const run = startDrover(['wait', 'a', '--json'], { address: api.address });
    await expect.poll(() => api.requests.length).toBeGreaterThan(0);
    api.end('a', { exitCode: 2 });
    const { code, stdout } = await run.outcome;
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ id: 'a', status: 'FAILED', end: { exit_code: 2 } });
  });

  it('exits with 124 when the time is over', async () => {
    const api = await startFakeApi();
    api.add({ id: 'a', ...ended(3) });
    api.add({ id: 'b', status: 'RUNNING' });
    const { code, stdout, stderr } = await runDrover(['wait', 'a', 'b', '--timeout', '200ms'], {
      address: api.address,
    });
    expect(code).toBe(124);
    expect(stdout).toBe('a FAILED: ENTRYPOINT_FAILED\n');
    expect(stderr).toBe('drover: b is RUNNING still\n');
  });

  it('leaves the jobs alone on Ctrl-C, and says how to come back to those that are left', async () => {
    const api = await startFakeApi();
    api.add({ id: 'a', ...ended(0) });
    api.add({ id: 'b', status: 'RUNNING' });
    const run = startDrover(['wait', 'a', 'b', 'c'], { address: api.address });
    await run.shows('stdout', 'a SUCCEEDED');
    await expect.poll(() => api.requests.join()).toContain('/jobs/b/wait');
    run.child.kill('SIGINT');
    const { code, stderr } = await run.outcome;
    expect(code).toBe(130);
    expect(stderr).toBe('drover: the job goes on; come back with: drover wait b c\n');
  });

  it('says of a job that is deleted meanwhile that it was, exits with 125, and goes on with the others', async () => {
    const api = await startFakeApi();
    api.add({ id: 'a', status: 'RUNNING' });
    api.add({ id: 'b', ...ended(0) });
    const run = startDrover(['wait', 'a', 'b'], { address: api.address });
    await expect.poll(() => api.requests.length).toBeGreaterThan(1);
    api.forget('a');
    const { code, stdout, stderr } = await run.outcome;
    expect({ code, stdout }).toEqual({ code: 125, stdout: 'b SUCCEEDED\n' });
    expect(stderr).toBe("drover: job 'a' was deleted meanwhile: how it ended is not known any more\n");
  });

  it('says of a job that never was that there is none', async () => {
    const api = await startFakeApi();
    const { code, stderr } = await runDrover(['wait', 'a'], { address: api.address });
    expect({ code, stderr }).toEqual({ code: 1, stderr: "drover: no job has the id 'a'\n" });
  });

  it('survives a restart of the server', async () => {
    const first = await startFakeApi();
    first.add({ id: 'a' });
    const run = startDrover(['wait', 'a'], { address: first.address });
    await expect.poll(() => first.requests.length).toBeGreaterThan(1);
    await first.close();
    const second = await startFakeApi({ port: first.port });
    second.add({ id: 'a', ...ended(5) });
    expect((await run.outcome).code).toBe(5);
  });
});
