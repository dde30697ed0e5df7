import { join } from 'node:path';
import { askChild } from '../harness/ask-child.ts';
import { cpuSeconds, scratchDirectory, startDrover } from '../harness/drover.ts';
import type { Followed, FollowOrder } from '../harness/log-followers.ts';
import { submitJob, waitForSuccess } from '../harness/native-job.ts';
import { checksumOfNumberedLines, printNumberedLines } from '../harness/numbered-lines.ts';
import { watchPeak } from '../harness/peak-memory.ts';
import type { Scenario } from '../harness/scenario.ts';
import { median } from '../harness/statistics.ts';

const BYTES = 2 ** 30;
const ROUNDS = 3;

export const largeLog: Scenario = {
  name: 'large-log',
  summary: 'a driver prints 1 GiB as fast as it can; one follower gets it meanwhile, from the first byte on',

  async run() {
    const expected = await checksumOfNumberedLines(BYTES);
    const rounds = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await followOne(expected));
    return {
      figures: [
        {
          what: 'followed, from the submit to the last byte',
          value: median(rounds.map(({ seconds }) => BYTES / 1e6 / seconds)),
          unit: 'MB/s',
          reach: { atLeast: 50 },
        },
        {
          what: 'rounds in which every byte arrived',
          value: rounds.filter(({ isWhole }) => isWhole).length,
          unit: `of ${ROUNDS}`,
          reach: { atLeast: ROUNDS },
        },
        {
          what: "the driver's own pace, from the submit to its end",
          value: median(rounds.map(({ driverSeconds }) => BYTES / 1e6 / driverSeconds)),
          unit: 'MB/s',
          reach: null,
        },
        {
          what: "server's processor time for it",
          value: median(rounds.map(({ serverCpuSeconds }) => serverCpuSeconds)),
          unit: 's',
          reach: null,
        },
        {
          what: "growth of the server's resident memory",
          value: Math.max(...rounds.map(({ serverGrowthMiB }) => serverGrowthMiB)),
          unit: 'MiB',
          reach: null,
        },
      ],
      raw: rounds,
    };
  },
};

async function followOne(expected: string) {
  const scratch = scratchDirectory();
  const drover = await startDrover(join(scratch.path, 'data'));
  try {
    const server = watchPeak(drover.pid);
    const cpuBefore = cpuSeconds(drover.pid);
    const begin = performance.now();
    const jobId = await submitJob(drover.url, printNumberedLines(BYTES));
    const order = { url: drover.url, jobId, followers: 1 };
    const follower = askChild<FollowOrder, Followed>('./log-followers.ts', order);
    const driver = waitForSuccess(drover.url, jobId).then(() => (performance.now() - begin) / 1_000);
    const followed = await follower.result;
    const seconds = (performance.now() - begin) / 1_000;
    return {
      seconds,
      driverSeconds: await driver,
      isWhole: followed.bytes[0] === BYTES && followed.sha256[0] === expected,
      serverCpuSeconds: cpuSeconds(drover.pid) - cpuBefore,
      serverGrowthMiB: server.growthMiB(),
    };
  } finally {
    await drover.stop();
    scratch.remove();
  }
}
