import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { runBareLauncher } from '../harness/bare-launcher.ts';
import { scratchDirectory, startDrover } from '../harness/drover.ts';
import { runNoopJobs } from '../harness/run-noop-jobs.ts';
import type { Scenario } from '../harness/scenario.ts';
import { median } from '../harness/statistics.ts';

const JOBS = 1_500;
const ROUNDS = 5;

export const noopJobs: Scenario = {
  name: 'noop-jobs',
  summary: '`true` submitted over HTTP, run and seen SUCCEEDED, against the bare launcher and against xargs',

  async run() {
    const scratch = scratchDirectory();
    const drover = await startDrover(join(scratch.path, 'data'));
    try {
      const rounds: Record<'jobs' | 'bare' | 'xargs', number>[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const bare = await runBareLauncher(join(scratch.path, `bare-${round}`), JOBS);
        const jobs = await runNoopJobs(drover, JOBS);
        const xargs = await runXargs();
        rounds.push({ jobs, bare, xargs });
      }
      const of = (pick: (round: (typeof rounds)[number]) => number) => median(rounds.map(pick));
      return {
        figures: [
          {
            what: 'ratio to the bare launcher',
            value: of(({ jobs, bare }) => jobs / bare),
            unit: '',
            reach: { atLeast: 0.6 },
          },
          {
            what: 'ratio to xargs -P2 sh -c true',
            value: of(({ jobs, xargs }) => jobs / xargs),
            unit: '',
            reach: { atLeast: 0.15 },
          },
          { what: 'jobs', value: of(({ jobs }) => jobs), unit: '/s', reach: null },
          { what: 'bare launcher', value: of(({ bare }) => bare), unit: '/s', reach: null },
          { what: 'xargs', value: of(({ xargs }) => xargs), unit: '/s', reach: null },
        ],
        raw: rounds,
      };
    } finally {
      await drover.stop();
      scratch.remove();
    }
  },
};

async function runXargs(): Promise<number> {
  const begin = performance.now();
  const child = spawn('/bin/sh', ['-c', `seq ${JOBS} | xargs -P2 -I{} sh -c true`], { stdio: 'ignore' });
  await once(child, 'exit');
  return JOBS / ((performance.now() - begin) / 1_000);
}
