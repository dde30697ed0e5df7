import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Drover, scratchDirectory, startDrover } from '../harness/drover.ts';
import { load, postRequest } from '../harness/http-load.ts';
import type { Scenario } from '../harness/scenario.ts';
import { median } from '../harness/statistics.ts';

const CLIENTS = 50;
const MANY = 10_000;
const FEW = 100;
const FEW_ROUNDS = 5;
const MAX_RUNNING = 64;

interface Event {
  id: number;
  job_id: string;
  type: string;
}

interface Burst {
  jobsPerSecond: number;
  /** Jobs that were never handed over, or more than once. */
  lostOrDoubled: number;
  /** Jobs that were handed over before, or behind, more others than start side by side. */
  outOfOrder: number;
}

export const burst: Scenario = {
  name: 'burst',
  summary: '10,000 `true` jobs submitted as one burst by 50 clients, run to their ends, against bursts of 100',

  async run() {
    const scratch = scratchDirectory();
    const drover = await startDrover(join(scratch.path, 'data'), ['--max-running', `${MAX_RUNNING}`]);
    try {
      await runBurst(drover, FEW);
      const few: Burst[] = [];
      for (let round = 0; round < FEW_ROUNDS; round += 1) few.push(await runBurst(drover, FEW));
      const many = await runBurst(drover, MANY);
      const fewPerSecond = median(few.map(({ jobsPerSecond }) => jobsPerSecond));
      return {
        figures: [
          { what: 'lost or doubled', value: many.lostOrDoubled, unit: 'jobs', reach: { atMost: 0 } },
          { what: 'out of order', value: many.outOfOrder, unit: 'jobs', reach: { atMost: 0 } },
          {
            what: 'jobs per second against bursts of 100',
            value: many.jobsPerSecond / fewPerSecond,
            unit: '',
            reach: { atLeast: 0.9 },
          },
          { what: 'jobs per second, 10,000', value: many.jobsPerSecond, unit: '/s', reach: null },
          { what: 'jobs per second, 100', value: fewPerSecond, unit: '/s', reach: null },
        ],
        raw: { few, many },
      };
    } finally {
      await drover.stop();
      scratch.remove();
    }
  },
};

async function runBurst({ url, port }: Drover, jobs: number): Promise<Burst> {
  const after = await newestEvent(url);
  const payloads = [postRequest('/api/v1/jobs', { entrypoint: 'true' })];
  const begin = performance.now();
  const submitted = await load({ port, connections: CLIENTS, requests: jobs, payloads });
  if (submitted.statuses['201'] !== jobs) throw new Error(JSON.stringify(submitted.statuses));
  while (!(await isIdle(url))) await delay(5);
  const jobsPerSecond = jobs / ((performance.now() - begin) / 1_000);
  const events = await eventsAfter(url, after);
  const order = new Map(ofType(events, 'submitted').map(({ job_id }, place) => [job_id, place]));
  const places = ofType(events, 'handed_over').map(({ job_id }) => order.get(job_id) ?? -1);
  const ended = new Set(ofType(events, 'ended').map(({ job_id }) => job_id));
  return {
    jobsPerSecond,
    lostOrDoubled: Math.abs(places.length - jobs) + (jobs - new Set(places).size) + (jobs - ended.size),
    // Jobs that start side by side are handed over as their folders are ready.
    outOfOrder: places.filter((place, index) => Math.abs(place - index) > MAX_RUNNING).length,
  };
}

function ofType(events: readonly Event[], type: string): Event[] {
  return events.filter((event) => event.type === type);
}

async function isIdle(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/api/v1/jobs?status=PENDING&status=RUNNING&limit=1`);
  return ((await answer.json()) as { jobs: unknown[] }).jobs.length === 0;
}

async function newestEvent(url: string): Promise<number> {
  const answer = await fetch(`${url}/api/v1/events?limit=1`);
  return ((await answer.json()) as { newest_id: number }).newest_id;
}

async function eventsAfter(url: string, after: number): Promise<Event[]> {
  const events: Event[] = [];
  for (let next = after; ; ) {
    const answer = await fetch(`${url}/api/v1/events?limit=1000&after=${next}`);
    const page = (await answer.json()) as { events: Event[]; next_after: number };
    if (page.events.length === 0) return events;
    events.push(...page.events);
    next = page.next_after;
  }
}
