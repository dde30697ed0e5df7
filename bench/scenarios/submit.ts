import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { scratchDirectory, startDrover } from '../harness/drover.ts';
import { load, postRequest } from '../harness/http-load.ts';
import type { Scenario } from '../harness/scenario.ts';
import { startSleepers } from '../harness/sleepers.ts';
import { median } from '../harness/statistics.ts';

const ROUNDS = 5;
const REQUESTS = 15_000;

export const submit: Scenario = {
  name: 'submit',
  summary: 'durable submits with 64 connections while no driver may start, against the fsync rate of the disk',

  async run() {
    const scratch = scratchDirectory();
    // One driver holds the only slot: what is measured is the submit.
    const drover = await startDrover(join(scratch.path, 'data'), ['--max-running', '1']);
    const { drivers } = await startSleepers(drover.url, 1);
    const body = { entrypoint: 'true', runtime_env: { working_dir: '/tmp' }, metadata: { task_type: 'task_1' } };
    const payloads = [postRequest('/api/jobs', body)];
    try {
      const rounds = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const fsyncsPerSecond = measureFsyncs(join(scratch.path, `fsync-${round}`));
        rounds.push({
          fsyncsPerSecond,
          ...(await load({ port: drover.port, connections: 64, requests: REQUESTS, payloads })),
        });
      }
      return {
        figures: [
          {
            what: 'acknowledged submits',
            value: median(rounds.map((round) => round.perSecond)),
            unit: '/s',
            reach: { atLeast: 3_000 },
          },
          { what: 'p99', value: median(rounds.map((round) => round.p99Ms)), unit: 'ms', reach: { atMost: 50 } },
          {
            what: 'fsyncs of the disk',
            value: median(rounds.map((round) => round.fsyncsPerSecond)),
            unit: '/s',
            reach: null,
          },
          {
            what: 'submits per fsync of the disk',
            value: median(rounds.map((round) => round.perSecond / round.fsyncsPerSecond)),
            unit: '',
            reach: null,
          },
        ],
        raw: rounds,
      };
    } finally {
      // The server first, or it would start the next of the jobs that wait.
      await drover.stop();
      for (const pid of drivers) process.kill(pid, 'SIGKILL');
      scratch.remove();
    }
  },
};

/** Appends and flushes a page at a time for a second. */
function measureFsyncs(path: string): number {
  const file = openSync(path, 'w');
  const page = Buffer.alloc(4_096, 1);
  const begin = performance.now();
  let count = 0;
  while (performance.now() - begin < 1_000) {
    writeSync(file, page);
    fsyncSync(file);
    count += 1;
  }
  closeSync(file);
  return count / ((performance.now() - begin) / 1_000);
}
