import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Outcome, type RunningDrover, startProgram } from '../cli/fixture/run-drover.ts';
import { DROVER, type RunningServer, startServer, temporaryDirectory } from './running-server.ts';

/** The built command against the built server. */
export interface CommandLine {
  /** A test that restarts it puts the new one here. */
  server: RunningServer;
  /** Where commands are given, and the data lie in `data`. */
  directory: string;
  start(...args: string[]): RunningDrover;
  run(...args: string[]): Promise<Outcome>;
  /** Runs a command that has nothing to complain of, and answers what it wrote. */
  succeeds(...args: string[]): Promise<string>;
}

/** One server for all tests of a file; what it answers is there once they run. */
export function useCommandLine(): CommandLine {
  const start = (...args: string[]) =>
    startProgram([DROVER, ...args], { address: line.server.url, cwd: line.directory });
  const run = (...args: string[]) => start(...args).outcome;

  async function succeeds(...args: string[]): Promise<string> {
    const outcome = await run(...args);
    expect(outcome, args.join(' ')).toMatchObject({ code: 0, stderr: '' });
    return outcome.stdout;
  }

  const line: CommandLine = Object.assign(Object.create(null), { start, run, succeeds });
  let release = async () => {};

  beforeAll(async () => {
    const directory = await temporaryDirectory();
    release = directory.release;
    line.directory = directory.path;
    line.server = await startServer(join(directory.path, 'data'));
  });

  afterAll(async () => {
    await line.server.stop();
    await release();
  });

  return line;
}
