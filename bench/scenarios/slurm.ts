import { setTimeout as delay } from 'node:timers/promises';
import { provideSlurm } from '../../scripts/clusters/slurm/requirements.ts';
import { submitJob, waitForSuccess } from '../harness/native-job.ts';
import { runNoopJobs } from '../harness/run-noop-jobs.ts';
import type { Figure, Scenario } from '../harness/scenario.ts';
import { openSlurmBench, runBareSlurmJobs, type SlurmBench } from '../harness/slurm-bench.ts';
import { median, percentile } from '../harness/statistics.ts';

const LONE_JOBS = 20;
const PAIRS = 7;
/** Twelve slots, each of which Slurm turns over about once a second: what is measured is Slurm, and not this machine. */
const SMALL = { cpusPerNode: 4, jobs: 60 };
/** More slots than the machine can fill: processes are what is measured. */
const LARGE = { cpusPerNode: 64, jobs: 150 };
const FOLLOWED = 10_000;
const WATCHED_MS = 60_000;

interface Pair {
  drover: number;
  bare: number;
}

export const slurm: Scenario = {
  name: 'slurm',
  summary: 'jobs given to a real Slurm of three nodes on this machine, against slurmrestd alone on the same cluster',

  async run() {
    const missing = provideSlurm(process.env.DROVER_TEST_INSTALL === '1');
    if (missing !== null) throw new Error(missing);
    const small = await measureSmall();
    const large = await measureLarge();
    const handedOver = small.lone.map(({ handedOverMs }) => handedOverMs);
    const endSeen = small.lone.map(({ endSeenMs }) => endSeenMs);
    const figures: Figure[] = [
      { what: 'submit to request of slurmrestd, p50', value: median(handedOver), unit: 'ms', reach: { atMost: 20 } },
      { what: 'the same, p95', value: percentile(handedOver, 0.95), unit: 'ms', reach: null },
      { what: 'end of the driver to end of the job, p50', value: median(endSeen), unit: 'ms', reach: null },
      { what: 'the same, p95', value: percentile(endSeen, 0.95), unit: 'ms', reach: { atMost: 1_000 } },
      {
        what: 'jobs per second, ratio to slurmrestd alone',
        value: ratio(small.pairs),
        unit: '',
        reach: { atLeast: 0.9 },
      },
      { what: 'jobs', value: median(small.pairs.map(({ drover }) => drover)), unit: '/s', reach: null },
      { what: 'the same ratio where processors are short', value: ratio(large.pairs), unit: '', reach: null },
      { what: 'jobs there', value: median(large.pairs.map(({ drover }) => drover)), unit: '/s', reach: null },
      {
        what: `between two questions, ${FOLLOWED} jobs followed`,
        value: WATCHED_MS / 1_000 / large.questions,
        unit: 's',
        reach: { atLeast: 2 },
      },
    ];
    return { figures, raw: { small, large } };
  },
};

async function measureSmall() {
  const bench = await openSlurmBench(SMALL.cpusPerNode);
  try {
    const lone: Awaited<ReturnType<typeof runLoneJob>>[] = [];
    for (let index = 0; index < LONE_JOBS; index += 1) lone.push(await runLoneJob(bench));
    return { lone, pairs: await runPairs(bench, SMALL.jobs) };
  } finally {
    await bench.stop();
  }
}

async function measureLarge() {
  const bench = await openSlurmBench(LARGE.cpusPerNode);
  try {
    return { pairs: await runPairs(bench, LARGE.jobs), questions: await countQuestions(bench) };
  } finally {
    await bench.stop();
  }
}

async function runPairs(bench: SlurmBench, jobs: number): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let index = 0; index < PAIRS; index += 1) {
    const bare = await runBareSlurmJobs(bench, jobs, `bare-${index}`);
    pairs.push({ bare, drover: await runNoopJobs(bench.drover, jobs) });
  }
  return pairs;
}

function ratio(pairs: readonly Pair[]): number {
  return median(pairs.map(({ drover, bare }) => drover / bare));
}

/** How long Slurm hears nothing of a submit, and the server nothing of an end. */
async function runLoneJob({ drover, seen }: SlurmBench): Promise<{ handedOverMs: number; endSeenMs: number }> {
  const begin = performance.now();
  const id = await submitJob(drover.url, 'date +%s%N');
  await waitForSuccess(drover.url, id);
  const endSeenAt = Date.now();
  const asked = seen.find(({ at, method }) => at >= begin && method === 'POST');
  const printed = await (await fetch(`${drover.url}/api/v1/jobs/${id}/logs`)).text();
  if (asked === undefined) throw new Error('Slurm was not asked');
  return { handedOverMs: asked.at - begin, endSeenMs: endSeenAt - Number(printed) / 1e6 };
}

/** What slurmrestd is asked while very many jobs wait and run. */
async function countQuestions({ drover, seen }: SlurmBench): Promise<number> {
  const response = await fetch(`${drover.url}/api/v1/jobs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ entrypoint: 'sleep 600', array: { size: FOLLOWED } }),
  });
  const { id } = (await response.json()) as { id: string };
  const submits = () => seen.filter(({ method, path }) => method === 'POST' && path.endsWith('/job/submit')).length;
  for (const before = submits(); submits() - before < FOLLOWED; ) await delay(500);
  const from = performance.now();
  await delay(WATCHED_MS);
  const questions = seen.filter(({ at, method }) => at >= from && method === 'GET').length;
  await fetch(`${drover.url}/api/v1/jobs/${id}/stop`, { method: 'POST' });
  return questions;
}
