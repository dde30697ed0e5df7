import { beforeAll, expect } from 'vitest';
import { type Outcome, type RunningDrover, startProgram } from '../cli/fixture/run-drover.ts';
import { DROVER } from './running-server.ts';
import { type UsedServer, useServer } from './use-server.ts';

/** The built command, given in the directory of the server that it speaks to. */
export interface CommandLine {
  start(...args: string[]): RunningDrover;
  run(...args: string[]): Promise<Outcome>;
  /** Runs a command that has nothing to complain of, and answers what it wrote. */
  succeeds(...args: string[]): Promise<string>;
}

export function commandLineOf(server: UsedServer): CommandLine {
  const start = (...args: string[]) => startProgram([DROVER, ...args], { address: server.url, cwd: server.directory });
  const run = (...args: string[]) => start(...args).outcome;

  async function succeeds(...args: string[]): Promise<string> {
    const outcome = await run(...args);
    expect(outcome, args.join(' ')).toMatchObject({ code: 0, stderr: '' });
    return outcome.stdout;
  }

  return { start, run, succeeds };
}

/** One server for all tests of a file, and the command that speaks to it. */
export function useCommandLine(): CommandLine & { server: UsedServer } {
  const server = useServer('all');
  beforeAll(() => server.start());
  return { server, ...commandLineOf(server) };
}
