import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { memoryMiB, residentMiB, scratchDirectory, startDrover } from '../harness/drover.ts';
import type { Scenario } from '../harness/scenario.ts';
import { finishAll, startSleepers } from '../harness/sleepers.ts';
import { median } from '../harness/statistics.ts';
import { directoryWithStoredJobs, storedJobId } from '../harness/stored-jobs.ts';

const STORED = 100_000;
const RUNNING = 500;
/** Requests at once. */
const READERS = 16;

export const memory: Scenario = {
  name: 'memory',
  summary: 'memory with 100,000 stored and 500 running jobs, after every stored one was asked for once',

  async run() {
    const scratch = scratchDirectory();
    const dataDir = join(scratch.path, 'data');
    cpSync(await directoryWithStoredJobs(STORED), dataDir, { recursive: true });
    const drover = await startDrover(dataDir, ['--max-running', String(RUNNING), '--retention-max-age', 'none']);
    try {
      const idleMiB = residentMiB(drover.pid);
      const { supervisors } = await startSleepers(drover.url, RUNNING);
      await askForAll(drover.url);
      const perJob = supervisors.map(memoryMiB);
      const serverMiB = residentMiB(drover.pid);
      await finishAll(drover.url);
      return {
        figures: [
          {
            what: 'beside the driver, proportional, per running job',
            value: median(perJob.map(({ pss }) => pss)),
            unit: 'MiB',
            reach: { atMost: 0.3 },
          },
          {
            what: 'beside the driver, resident, per running job',
            value: median(perJob.map(({ rss }) => rss)),
            unit: 'MiB',
            reach: { atMost: 2 },
          },
          { what: "server's resident memory", value: serverMiB, unit: 'MiB', reach: { atMost: 250 } },
          { what: "server's resident memory before the jobs ran", value: idleMiB, unit: 'MiB', reach: null },
        ],
        raw: { perJob, serverMiB, idleMiB },
      };
    } finally {
      await drover.stop();
      scratch.remove();
    }
  },
};

async function askForAll(url: string): Promise<void> {
  let next = 0;
  const readOn = async () => {
    while (next < STORED) {
      const response = await fetch(`${url}/api/jobs/${storedJobId(next++)}`);
      await response.arrayBuffer();
      if (!response.ok) throw new Error(`a stored job was answered with ${response.status}`);
    }
  };
  await Promise.all(Array.from({ length: READERS }, readOn));
}
