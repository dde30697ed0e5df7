import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runBareLauncher } from '../harness/bare-launcher.ts';
import { scratchDirectory, startDrover } from '../harness/drover.ts';
import { load, postRequest } from '../harness/http-load.ts';
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
        const jobs = await runJobs(drover.url, drover.port);
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

async function runJobs(url: string, port: number): Promise<number> {
  const payloads = [postRequest('/api/jobs', { entrypoint: 'true', runtime_env: { working_dir: '/tmp' } })];
  const before = await countSucceeded(url);
  const begin = performance.now();
  const submitted = await load({ port, connections: 64, requests: JOBS, payloads });
  if (submitted.statuses['200'] !== JOBS) throw new Error(JSON.stringify(submitted.statuses));
  while (!(await isIdle(url))) await delay(5);
  const seconds = (performance.now() - begin) / 1_000;
  const succeeded = (await countSucceeded(url)) - before;
  if (succeeded !== JOBS) throw new Error(`${succeeded} of ${JOBS} jobs succeeded`);
  return JOBS / seconds;
}

async function isIdle(url: string): Promise<boolean> {
  const unfinished = await fetch(`${url}/api/jobs?status=PENDING&status=RUNNING&limit=1`);
  return ((await unfinished.json()) as unknown[]).length === 0;
}

async function countSucceeded(url: string): Promise<number> {
  return ((await (await fetch(`${url}/api/jobs?status=SUCCEEDED`)).json()) as unknown[]).length;
}

async function runXargs(): Promise<number> {
  const begin = performance.now();
  const child = spawn('/bin/sh', ['-c', `seq ${JOBS} | xargs -P2 -I{} sh -c true`], { stdio: 'ignore' });
  await once(child, 'exit');
  return JOBS / ((performance.now() - begin) / 1_000);
}
