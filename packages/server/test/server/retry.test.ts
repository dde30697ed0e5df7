import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Outcome, startProgram } from '../cli/fixture/run-drover.ts';
import { DROVER, type RunningServer, startServer, temporaryDirectory } from './running-server.ts';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let server: RunningServer;

beforeAll(async () => {
  directory = await temporaryDirectory();
  server = await startServer(join(directory.path, 'data'));
});

afterAll(async () => {
  await server.stop();
  await directory.release();
});

const run = (...args: string[]): Promise<Outcome> =>
  startProgram([DROVER, ...args], { address: server.url, cwd: directory.path }).outcome;

it('drover retry submits copies of jobs that have ended, and says which it could not', async () => {
  await run('submit', '--id', 'first', '--wait', '--', 'exit 3');
  const { code, stdout, stderr } = await run('retry', 'unknown', 'first');
  expect(code).toBe(1);
  expect(stderr).toContain("'unknown'");
  const copy = stdout.trimEnd();
  expect(copy).not.toBe('first');
  expect((await run('wait', copy)).code).toBe(3);
  expect((await run('status', 'first')).stdout).toContain('FAILED');
});
