import { type KubernetesBench, openKubernetesBench, runBareJobs, waitForNoPods } from '../harness/kubernetes-bench.ts';
import { submitJob, waitForSuccess } from '../harness/native-job.ts';
import { runNoopJobs } from '../harness/run-noop-jobs.ts';
import type { Figure, Scenario } from '../harness/scenario.ts';
import { median, percentile } from '../harness/statistics.ts';

const LONE_JOBS = 10;
const PAIRS = 7;
const JOBS = 30;

export const kubernetes: Scenario = {
  name: 'kubernetes',
  summary:
    'jobs given to a real Kubernetes of two nodes on this machine, against Jobs of one container that are made directly',

  async run() {
    const bench = await openKubernetesBench();
    try {
      const lone: { droverMs: number; bareMs: number; endSeenMs: number }[] = [];
      for (let index = 0; index < LONE_JOBS; index += 1) {
        const bareMs = 1_000 / (await runBareJobs(bench, 1, `lone-${index}`));
        lone.push({ bareMs, ...(await runLoneJob(bench)) });
      }
      const pairs: { drover: number; bare: number }[] = [];
      for (let index = 0; index < PAIRS; index += 1) {
        await waitForNoPods(bench);
        const bare = await runBareJobs(bench, JOBS, `bare-${index}`);
        await waitForNoPods(bench);
        pairs.push({ bare, drover: await runNoopJobs(bench.drover, JOBS) });
      }
      const endSeen = lone.map(({ endSeenMs }) => endSeenMs);
      const figures: Figure[] = [
        { what: 'end of the driver to end of the job, p50', value: median(endSeen), unit: 'ms', reach: null },
        { what: 'the same, p95', value: percentile(endSeen, 0.95), unit: 'ms', reach: { atMost: 1_000 } },
        {
          what: 'submit to end of one job, p50',
          value: median(lone.map(({ droverMs }) => droverMs)),
          unit: 'ms',
          reach: null,
        },
        {
          what: 'a Job made directly, to its end, p50',
          value: median(lone.map(({ bareMs }) => bareMs)),
          unit: 'ms',
          reach: null,
        },
        {
          what: 'jobs per second, ratio to Jobs made directly',
          value: median(pairs.map(({ drover, bare }) => drover / bare)),
          unit: '',
          reach: { atLeast: 0.9 },
        },
        { what: 'jobs', value: median(pairs.map(({ drover }) => drover)), unit: '/s', reach: null },
      ];
      return { figures, raw: { lone, pairs } };
    } finally {
      await bench.stop();
    }
  },
};

async function runLoneJob({ drover }: KubernetesBench): Promise<{ droverMs: number; endSeenMs: number }> {
  const begin = performance.now();
  const id = await submitJob(drover.url, 'date +%s%N');
  await waitForSuccess(drover.url, id);
  const droverMs = performance.now() - begin;
  const endSeenAt = Date.now();
  const printed = await (await fetch(`${drover.url}/api/v1/jobs/${id}/logs`)).text();
  return { droverMs, endSeenMs: endSeenAt - Number(printed) / 1e6 };
}
