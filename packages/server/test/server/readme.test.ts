import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Outcome, type RunningDrover, startProgram } from '../cli/fixture/run-drover.ts';
import { ended, isAlive, running } from './job-api.ts';
import { DROVER } from './running-server.ts';
import { readTour } from './tour-commands.ts';
import { useServer } from './use-server.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

const server = useServer();

beforeEach(() => server.start());

/** The command for this test's server, folder and build. `npx` would find the same program, and take a second each time. */
function adapted(command: string): string {
  return command
    .replaceAll('http://127.0.0.1:8888', server.url)
    .replaceAll('/tmp/train.zip', join(server.directory, 'train.zip'))
    .replaceAll('npx drover', DROVER);
}

/** In the root of the clone, as the reader does. */
function start(command: string): RunningDrover {
  return startProgram(['sh', '-c', adapted(command)], { address: server.url, cwd: ROOT });
}

async function succeeds(command: string): Promise<Outcome> {
  const outcome = await start(command).outcome;
  expect(outcome, command).toMatchObject({ code: 0 });
  return outcome;
}

/** What `pkill -f` and `pgrep -f` look at. */
async function commandLineOf(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
}

/** The pattern that `pkill` or `pgrep` is given. They are not run themselves: they would find others' processes too. */
function patternOf(command: string): RegExp {
  return new RegExp(/ -\w*f '([^']+)'/.exec(command)?.[1] ?? `no pattern in ${command}`);
}

const survivorPid = async () => Number((await running(server.url, 'job-survivor')).driver_info.pid);

/** What each command of the tour has to do, in the order of the README. */
const STEPS: [beginning: RegExp, check: (command: string, answers: unknown[]) => Promise<void>][] = [
  [/^\(cd examples\/train && python3 -m zipfile /, async (command) => void (await succeeds(command))],
  [
    /^curl .*\/api\/jobs \\/,
    async (command, answers) => {
      expect(JSON.parse((await succeeds(command)).stdout)).toEqual(answers[0]);
    },
  ],
  [
    /^curl .*\/api\/jobs\/app-train-1 /,
    async (command) => {
      const details = JSON.parse((await succeeds(command)).stdout);
      expect(details).toMatchObject({ submission_id: 'app-train-1', metadata: { task_type: 'training' } });
    },
  ],
  [
    /^curl .*\/logs\?follow=true/,
    async (command) => {
      expect((await succeeds(command)).stdout).toMatch(/^job app-train-1: [\s\S]*^epoch {2}40 of 40: [\s\S]*^done: /m);
      expect(await ended(server.url, 'app-train-1')).toMatchObject({ status: 'SUCCEEDED' });
    },
  ],
  [
    /^npx drover submit .*--follow -- python3 train\.py/,
    async (command) => {
      expect((await succeeds(command)).stdout).toMatch(/^epoch {2}10 of 10: [\s\S]*^done: /m);
    },
  ],
  [
    /^npx drover list$/,
    async (command) => {
      expect((await succeeds(command)).stdout).toContain('app-train-1');
    },
  ],
  [
    /^npx drover submit .*--wait -- .*; echo "exit code \$\?"$/,
    async (command) => {
      expect((await succeeds(command)).stdout).toMatch(/^job-\S+ FAILED .*\nexit code 3\n$/);
    },
  ],
  [
    /^npx drover submit --id job-survivor /,
    async (command) => {
      expect((await succeeds(command)).stdout).toBe('job-survivor\n');
    },
  ],
  [
    /^pkill -KILL -f /,
    async (command) => {
      await survivorPid();
      expect(await commandLineOf(server.pid)).toMatch(patternOf(command));
    },
  ],
  [
    /^pgrep -af /,
    async (command) => {
      const pid = await survivorPid();
      await server.kill();
      expect(isAlive(pid)).toBe(true);
      expect(await commandLineOf(pid)).toMatch(patternOf(command));
      await server.start();
    },
  ],
  [
    /^npx drover logs -f job-survivor/,
    async (command) => {
      // `exec`, since a shell in between would get the signal that a terminal sends to both.
      const following = start(`exec ${command}`);
      await following.shows('stdout', 'still here 1\nstill here 2\nstill here 3\n');
      following.child.kill('SIGINT');
      expect((await following.outcome).code).toBe(130);
      expect(isAlive(await survivorPid())).toBe(true);
    },
  ],
  [/^npx drover stop job-survivor/, async (command) => void (await succeeds(command))],
  [
    /^npx drover status job-survivor/,
    async (command) => {
      await ended(server.url, 'job-survivor');
      expect((await succeeds(command)).stdout).toMatch(/^id +job-survivor\nstatus +STOPPED\n/);
    },
  ],
];

describe("the README's tour", { timeout: 240_000 }, () => {
  it('does what it says', async (ctx) => {
    for (const program of ['curl', 'python3']) {
      if (spawnSync(program, ['--version']).status !== 0) ctx.skip(`${program} is missing, which the tour needs`);
    }
    const { commands, answers } = readTour(await readFile(join(ROOT, 'README.md'), 'utf8'));
    const unexpected = commands.filter((command, index) => STEPS[index]?.[0].test(command) !== true);
    expect(unexpected, 'commands that STEPS does not have at this place').toEqual([]);
    expect(commands).toHaveLength(STEPS.length);
    for (const [index, [, check]] of STEPS.entries()) await check(commands[index] ?? '', answers);
  });
});
