import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { askChild } from '../harness/ask-child.ts';
import { cpuSeconds, memoryMiB, scratchDirectory, startDrover } from '../harness/drover.ts';
import type { Followed, FollowOrder } from '../harness/log-followers.ts';
import { submitJob, waitUntilRunning } from '../harness/native-job.ts';
import { checksumOfNumberedLines, printNumberedLines } from '../harness/numbered-lines.ts';
import { watchPeak } from '../harness/peak-memory.ts';
import type { Scenario } from '../harness/scenario.ts';

const FOLLOWERS = 500;
const BYTES = 4 * 2 ** 20;
const MEGABYTE = 1e6 / 2 ** 20;

export const followers: Scenario = {
  name: 'followers',
  summary: '500 followers of one job, which waits until all are there and then prints 4 MiB at once',

  async run() {
    const expected = await checksumOfNumberedLines(BYTES);
    const scratch = scratchDirectory();
    const drover = await startDrover(join(scratch.path, 'data'));
    try {
      const gate = join(scratch.path, 'gate');
      const entrypoint = `until [ -e '${gate}' ]; do sleep 0.1; done; ${printNumberedLines(BYTES)}`;
      const jobId = await submitJob(drover.url, entrypoint);
      await waitUntilRunning(drover.url, jobId);
      const before = memoryMiB(drover.pid);
      const server = watchPeak(drover.pid);
      const order = { url: drover.url, jobId, followers: FOLLOWERS };
      const crowd = askChild<FollowOrder, Followed>('./log-followers.ts', order);
      await crowd.ready;
      const waiting = memoryMiB(drover.pid);
      writeFileSync(gate, '');
      const cpuBefore = cpuSeconds(drover.pid);
      const followed = await crowd.result;
      const serverCpuSeconds = cpuSeconds(drover.pid) - cpuBefore;
      const peakMiB = server.growthMiB();
      const perFollower = (grownMiB: number) => grownMiB / MEGABYTE / FOLLOWERS;
      const whole = followed.bytes.filter((bytes) => bytes === BYTES).length;
      return {
        figures: [
          {
            what: "server's resident memory per follower, at its highest",
            value: perFollower(peakMiB),
            unit: 'MB',
            reach: { atMost: 0.2 },
          },
          {
            what: "server's proportional memory per follower that waits",
            value: perFollower(waiting.pss - before.pss),
            unit: 'MB',
            reach: { atMost: 0.2 },
          },
          {
            what: 'followers that got every byte',
            value: followed.sha256.length === 1 && followed.sha256[0] === expected ? whole : 0,
            unit: `of ${FOLLOWERS}`,
            reach: { atLeast: FOLLOWERS },
          },
          {
            what: 'sent, all followers together',
            value: (FOLLOWERS * BYTES) / 1e6 / followed.seconds,
            unit: 'MB/s',
            reach: null,
          },
        ],
        raw: { before, waiting, peakMiB, serverCpuSeconds, seconds: followed.seconds, sha256: followed.sha256 },
      };
    } finally {
      await drover.stop();
      scratch.remove();
    }
  },
};
