import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuSeconds, type Drover, residentMiB, scratchDirectory, startDrover } from '../harness/drover.ts';
import { load, postRequest } from '../harness/http-load.ts';
import { runNoopJobs } from '../harness/run-noop-jobs.ts';
import type { Scenario } from '../harness/scenario.ts';
import { startSleepers } from '../harness/sleepers.ts';
import { median } from '../harness/statistics.ts';

const ROUNDS = 7;
const SUBMITS = 8_000;
const JOBS = 500;
/** So that what is measured holds what is sent. */
const SCHEDULE_DELAY_MS = 500;

const SUBMIT = postRequest('/api/jobs', { entrypoint: 'true', runtime_env: { working_dir: '/tmp' } });

interface Run {
  perSecond: number;
  cpuMsPerJob: number;
}

export const traces: Scenario = {
  name: 'traces',
  summary: 'durable submits, and `true` run to its end, by a server that sends traces against one that does not',

  async run() {
    const scratch = scratchDirectory();
    let bytes = 0;
    const collector = createServer((request, response) => {
      request.on('data', (piece: Uint8Array) => {
        bytes += piece.length;
      });
      request.on('end', () => response.writeHead(200).end());
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const { port } = collector.address() as AddressInfo;
    const traced = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_BSP_SCHEDULE_DELAY: `${SCHEDULE_DELAY_MS}`,
    };
    const start = (name: string, args: string[], variables = {}) =>
      startDrover(join(scratch.path, name), args, variables);
    const running = { off: await start('off', []), on: await start('on', [], traced) };
    const full = ['--max-running', '1'];
    const waiting = { off: await start('full-off', full), on: await start('full-on', full, traced) };
    const sleepers = [await startSleepers(waiting.off.url, 1), await startSleepers(waiting.on.url, 1)];
    try {
      const jobs: Record<'off' | 'on', Run>[] = [];
      const submits: Record<'off' | 'on', number>[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        jobs.push({ off: await runJobs(running.off), on: await runJobs(running.on) });
        submits.push({ off: await submit(waiting.off), on: await submit(waiting.on) });
      }
      const rss = residentMiB(running.on.pid) - residentMiB(running.off.pid);
      const figures = [
        {
          what: 'submits with traces against without',
          value: median(submits.map(({ on, off }) => on / off)),
          unit: '',
          reach: { atLeast: 0.9 },
        },
        {
          what: 'jobs run with traces against without',
          value: median(jobs.map(({ on, off }) => on.perSecond / off.perSecond)),
          unit: '',
          reach: { atLeast: 0.9 },
        },
        {
          what: 'processor time per job against without',
          value: median(jobs.map(({ on, off }) => on.cpuMsPerJob / off.cpuMsPerJob)),
          unit: '',
          reach: null,
        },
        {
          what: 'processor time per job, without traces',
          value: median(jobs.map(({ off }) => off.cpuMsPerJob)),
          unit: 'ms',
          reach: null,
        },
        { what: 'RSS more than without', value: rss, unit: 'MiB', reach: null },
        { what: 'sent per job', value: bytes / (ROUNDS * JOBS), unit: 'bytes', reach: null },
      ];
      return { figures, raw: { jobs, submits } };
    } finally {
      // The servers first, or they would start the next of the jobs that wait.
      for (const drover of [...Object.values(running), ...Object.values(waiting)]) await drover.stop();
      for (const pid of sleepers.flatMap(({ drivers }) => drivers)) process.kill(pid, 'SIGKILL');
      collector.closeAllConnections();
      collector.close();
      scratch.remove();
    }
  },
};

async function submit({ port }: Drover): Promise<number> {
  return (await load({ port, connections: 64, requests: SUBMITS, payloads: [SUBMIT] })).perSecond;
}

async function runJobs(drover: Drover): Promise<Run> {
  const before = cpuSeconds(drover.pid);
  const perSecond = await runNoopJobs(drover, JOBS);
  await delay(2 * SCHEDULE_DELAY_MS);
  return { perSecond, cpuMsPerJob: ((cpuSeconds(drover.pid) - before) * 1_000) / JOBS };
}
