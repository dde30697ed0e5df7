import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import { postJson } from '../http/harness.ts';
import { type LedgerLine, mostAtOnce, readLedger } from './driver-ledger.ts';
import {
  endOf,
  endsOfElements,
  NARROW,
  type PlannedEnd,
  type PlannedJob,
  planJob,
  SIDE_BY_SIDE,
  submissionOf,
} from './planned-load.ts';
import { useServer } from './use-server.ts';

const KILLS = Number(process.env.DROVER_TEST_KILLS ?? 25);
const CLIENTS = 3;
const LONGEST_PAUSE_MS = 120;
/** Each server lives for a time between 0 and this after it began to listen, so that it is hit in every state. */
const LONGEST_LIFE_MS = 700;

const server = useServer();
let ledgerPath: string;

beforeEach(async () => {
  ledgerPath = join(server.directory, 'ledger');
  await writeFile(ledgerPath, '');
});

interface StoredJob {
  id: string;
  status: string;
  end: { code: string; exit_code: number | null } | null;
  retries: { made: number };
  attempt: { number: number } | null;
}

/** Everything that was asked for, and of that what was answered. */
interface Asked {
  plans: Map<string, PlannedJob>;
  answered: Set<string>;
}

/** Submits one job after another until the server is gone. */
async function useUntilDead(url: string, name: string, asked: Asked): Promise<void> {
  let before: PlannedJob | null = null;
  for (let count = 0; ; count += 1) {
    await delay(Math.random() * LONGEST_PAUSE_MS);
    const job: PlannedJob = planJob(`job-${name}-${count}`, Math.random, before);
    asked.plans.set(job.id, job);
    try {
      const response = await postJson(`${url}/api/v1/jobs`, submissionOf(job, ledgerPath, Math.random));
      const text = await response.text();
      if (response.status !== 201) throw new Error(text);
      asked.answered.add(job.id);
      before = job;
    } catch (error) {
      // A refusal is a failure of the test; a connection that broke is the point of it.
      if (error instanceof TypeError) return;
      throw error;
    }
  }
}

async function listJobs(url: string, query: string): Promise<StoredJob[]> {
  const jobs: StoredJob[] = [];
  for (let cursor = ''; ; ) {
    const answer = await fetch(`${url}/api/v1/jobs?limit=1000${query}${cursor}`);
    const page = (await answer.json()) as { jobs: StoredJob[]; next_cursor: string | null };
    jobs.push(...page.jobs);
    if (page.next_cursor === null) return jobs;
    cursor = `&cursor=${page.next_cursor}`;
  }
}

/** What the rules say must have become of every job that is there, elements of arrays included. */
function expectedEnds(plans: Iterable<PlannedJob>): Map<string, PlannedEnd> {
  const ends = new Map<string, PlannedEnd>();
  for (const plan of plans) {
    ends.set(plan.id, endOf(plan));
    for (const [id, end] of endsOfElements(plan)) ends.set(id, end);
  }
  return ends;
}

const planIdOf = (jobId: string) => jobId.split(':')[0] ?? jobId;

/** Jobs that started although, or before, the one that they wait for had ended. */
function startedTooEarly(ledger: readonly LedgerLine[], plans: ReadonlyMap<string, PlannedJob>): string[] {
  const firstStart = new Map<string, number>();
  const lastEnd = new Map<string, number>();
  for (const [place, { what, jobId }] of ledger.entries()) {
    const id = planIdOf(jobId);
    if (what === 'end') lastEnd.set(id, place);
    else if (!firstStart.has(id)) firstStart.set(id, place);
  }
  return [...firstStart]
    .filter(([id, place]) => place < (lastEnd.get(plans.get(id)?.after?.job.id ?? '') ?? -1))
    .map(([id]) => id);
}

it(`keeps to every rule when it is killed ${KILLS} times under jobs of all kinds`, { timeout: 1_800_000 }, async () => {
  const asked: Asked = { plans: new Map(), answered: new Set() };
  await server.start();
  const created = await postJson(`${server.url}/api/v1/queues`, { name: NARROW, limits: { running: SIDE_BY_SIDE } });
  expect(created.status).toBe(201);
  for (let kill = 0; kill < KILLS; kill += 1) {
    const clients = Array.from({ length: CLIENTS }, (_, client) =>
      useUntilDead(server.url, `${kill}-${client}`, asked),
    );
    await delay(Math.random() * LONGEST_LIFE_MS);
    await server.kill();
    await Promise.all(clients);
    await server.start();
  }
  for (let left = true; left; ) {
    const [job] = await listJobs(server.url, '&status=PENDING&status=RUNNING');
    if (job !== undefined) await (await fetch(`${server.url}/api/v1/jobs/${job.id}/wait?timeout=60`)).arrayBuffer();
    left = job !== undefined;
  }

  const jobs = new Map((await listJobs(server.url, '')).map((job) => [job.id, job]));
  const ledger = await readLedger(ledgerPath);
  const starts = ledger.filter(({ what }) => what === 'start');
  const stored = [...asked.plans.values()].filter(({ id }) => jobs.has(id));
  const expected = expectedEnds(stored);

  expect(asked.answered.size).toBeGreaterThan(KILLS);
  expect(
    [...asked.answered].filter((id) => !jobs.has(id)),
    'answered, and lost',
  ).toEqual([]);
  expect([...jobs.keys()].sort(), 'there, elements included').toEqual([...expected.keys()].sort());
  const attemptIds = starts.map(({ attemptId }) => attemptId);
  expect(attemptIds.length - new Set(attemptIds).size, 'attempts whose driver was started again').toBe(0);

  const numbers = Map.groupBy(starts, ({ jobId }) => jobId);
  const found = [...jobs.values()].map((job) => ({
    ...{ id: job.id, status: job.status, code: job.end?.code, exitCode: job.end?.exit_code, made: job.retries.made },
    attempts: (numbers.get(job.id) ?? []).map(({ number }) => number),
  }));
  const wanted = found.map(({ id }) => {
    const { attempts = 0, ...end } = expected.get(id) ?? {};
    const counted = Array.from({ length: attempts }, (_, index) => index + 1);
    return { id, ...end, made: Math.max(0, attempts - 1), attempts: counted };
  });
  expect(found).toEqual(wanted);

  expect(startedTooEarly(ledger, asked.plans)).toEqual([]);
  const narrow = mostAtOnce(ledger, (id) => (asked.plans.get(planIdOf(id))?.queue === NARROW ? NARROW : null));
  expect(narrow.get(NARROW)).toBeLessThanOrEqual(SIDE_BY_SIDE);
  const arrays = mostAtOnce(ledger, (id) => (id.includes(':') ? planIdOf(id) : null));
  expect(
    [...arrays].filter(([, most]) => most > SIDE_BY_SIDE),
    'arrays with more elements at once than allowed',
  ).toEqual([]);
});
