import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { scratchDirectory, startDrover } from '../harness/drover.ts';
import type { Scenario } from '../harness/scenario.ts';
import { finishAll, startSleepers } from '../harness/sleepers.ts';
import { median } from '../harness/statistics.ts';
import { directoryWithStoredJobs } from '../harness/stored-jobs.ts';

const RUNNING = 500;
const ROUNDS = 5;
const ARGS = ['--max-running', String(RUNNING), '--retention-max-age', 'none'];

export const start: Scenario = {
  name: 'start',
  summary: 'from the start of the process to the readiness line, with 1,000,000 stored jobs and 500 drivers to adopt',

  async run() {
    const scratch = scratchDirectory();
    const dataDir = join(scratch.path, 'data');
    cpSync(await directoryWithStoredJobs(1_000_000), dataDir, { recursive: true });
    let drover = await startDrover(dataDir, ARGS);
    await startSleepers(drover.url, RUNNING);
    const startsMs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      process.kill(drover.pid, 'SIGKILL');
      drover = await startDrover(dataDir, ARGS);
      startsMs.push(drover.startedInMs);
    }
    await finishAll(drover.url);
    await drover.stop();
    scratch.remove();
    return {
      figures: [
        { what: 'median', value: median(startsMs), unit: 'ms', reach: { atMost: 2_000 } },
        { what: 'slowest', value: Math.max(...startsMs), unit: 'ms', reach: { atMost: 2_000 } },
      ],
      raw: startsMs,
    };
  },
};
