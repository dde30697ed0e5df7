import {
  type BenchEngine,
  type KubernetesBench,
  openKubernetesBench,
  runBareJobs,
  waitForNoPods,
} from '../harness/kubernetes-bench.ts';
import { submitJob, waitForSuccess } from '../harness/native-job.ts';
import { runNoopJobs } from '../harness/run-noop-jobs.ts';
import type { Figure, Scenario } from '../harness/scenario.ts';
import { median, percentile } from '../harness/statistics.ts';

const LONE_JOBS = 10;
const ROUNDS = 7;
const JOBS = 30;

interface LoneJob {
  /** From the submit to the end of the job. */
  totalMs: number;
  endSeenMs: number;
}

interface Raw {
  lone: ({ bareMs: number } & Record<BenchEngine, LoneJob>)[];
  /** Jobs per second. */
  rounds: ({ bare: number } & Record<BenchEngine, number>)[];
}

export const kubernetes: Scenario = {
  name: 'kubernetes',
  summary:
    'jobs given to a real Kubernetes of two nodes on this machine, against Jobs of one container that are made directly',

  async run() {
    const bench = await openKubernetesBench();
    try {
      const raw: Raw = { lone: [], rounds: [] };
      for (let index = 0; index < LONE_JOBS; index += 1) {
        raw.lone.push({
          bareMs: 1_000 / (await runBareJobs(bench, 1, `lone-${index}`)),
          'courier-on-node': await runLoneJob(bench, 'courier-on-node'),
          'courier-in-pod': await runLoneJob(bench, 'courier-in-pod'),
        });
      }
      for (let index = 0; index < ROUNDS; index += 1) {
        await waitForNoPods(bench);
        const bare = await runBareJobs(bench, JOBS, `bare-${index}`);
        await waitForNoPods(bench);
        const onNode = await runNoopJobs(bench.drover, JOBS, 'courier-on-node');
        await waitForNoPods(bench);
        const inPod = await runNoopJobs(bench.drover, JOBS, 'courier-in-pod');
        raw.rounds.push({ bare, 'courier-on-node': onNode, 'courier-in-pod': inPod });
      }
      const bareMs = median(raw.lone.map((lone) => lone.bareMs));
      const figures: Figure[] = [
        { what: 'a Job made directly, to its end, p50', value: bareMs, unit: 'ms', reach: null },
        ...figuresOf(raw, 'courier-on-node', 'a courier on each node', 0.9),
        ...figuresOf(raw, 'courier-in-pod', 'a courier beside each driver', null),
      ];
      return { figures, raw };
    } finally {
      await bench.stop();
    }
  },
};

function figuresOf({ lone, rounds }: Raw, engine: BenchEngine, words: string, atLeast: number | null): Figure[] {
  const endSeen = lone.map((jobs) => jobs[engine].endSeenMs);
  const total = lone.map((jobs) => jobs[engine].totalMs);
  const ratios = rounds.map((round) => round[engine] / round.bare);
  return [
    { what: `${words}: end of the driver to end of the job, p50`, value: median(endSeen), unit: 'ms', reach: null },
    { what: 'the same, p95', value: percentile(endSeen, 0.95), unit: 'ms', reach: { atMost: 1_000 } },
    { what: 'submit to end of one job, p50', value: median(total), unit: 'ms', reach: null },
    {
      what: 'jobs per second, ratio to Jobs made directly',
      value: median(ratios),
      unit: '',
      reach: atLeast === null ? null : { atLeast },
    },
    { what: 'jobs', value: median(rounds.map((round) => round[engine])), unit: '/s', reach: null },
  ];
}

async function runLoneJob({ drover }: KubernetesBench, engine: BenchEngine): Promise<LoneJob> {
  const begin = performance.now();
  const id = await submitJob(drover.url, 'date +%s%N', { engine });
  await waitForSuccess(drover.url, id);
  const totalMs = performance.now() - begin;
  const endSeenAt = Date.now();
  const printed = await (await fetch(`${drover.url}/api/v1/jobs/${id}/logs`)).text();
  return { totalMs, endSeenMs: endSeenAt - Number(printed) / 1e6 };
}
