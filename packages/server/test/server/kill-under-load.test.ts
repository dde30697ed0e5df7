import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeEach, expect, it } from 'vitest';
import { ended, type JobDetails } from './job-api.ts';
import { useServer } from './use-server.ts';

const KILLS = Number(process.env.DROVER_TEST_KILLS ?? 100);
const CLIENTS = 4;
/** Each server lives for a time between 0 and this after it began to listen, so that it is hit in every state. */
const LONGEST_LIFE_MS = 400;

const server = useServer();

beforeEach(async () => {
  await writeFile(join(server.directory, 'ledger'), '');
});

const LONGEST_PAUSE_MS = 40;

/** What the clients were told, and so may rely on. */
interface Told {
  submitted: Set<string>;
  stopped: Set<string>;
  /** Asked for, and the answer never came. */
  unknown: Set<string>;
}

/** Submits one job after another, and stops every fifth, until the server is gone. */
async function useUntilDead(url: string, name: string, told: Told): Promise<void> {
  for (let count = 0; ; count += 1) {
    // Paced, so that the machine runs what it is given and jobs are met in every state, not only waiting.
    await delay(Math.random() * LONGEST_PAUSE_MS);
    const id = `app-${name}-${count}`;
    told.unknown.add(id);
    try {
      const response = await fetch(`${url}/api/jobs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          submission_id: id,
          // One write of less than a page is appended as a whole, so the ledger tells every start.
          entrypoint: 'echo "$DROVER_JOB_ID" >> ledger; sleep 0.0$((RANDOM_PART % 10)); exit 5',
          runtime_env: { working_dir: server.directory, env_vars: { RANDOM_PART: String(count) } },
        }),
      });
      if (response.status !== 200) throw new Error(await response.text());
      await response.arrayBuffer();
      told.submitted.add(id);
      told.unknown.delete(id);
      if (count % 5 === 0) {
        const stopped = await fetch(`${url}/api/jobs/${id}/stop`, { method: 'POST' });
        if ((await stopped.json()) === true) told.stopped.add(id);
      }
    } catch (error) {
      // A refusal is a failure of the test; a connection that broke is the point of it.
      if (error instanceof TypeError) return;
      throw error;
    }
  }
}

async function oneUnfinished(): Promise<JobDetails | undefined> {
  const answer = await fetch(`${server.url}/api/jobs?status=PENDING&status=RUNNING&limit=1`);
  const [job] = (await answer.json()) as JobDetails[];
  return job;
}

it(`loses and doubles nothing when it is killed ${KILLS} times under load`, { timeout: 1_800_000 }, async () => {
  const told: Told = { submitted: new Set(), stopped: new Set(), unknown: new Set() };
  for (let kill = 0; kill < KILLS; kill += 1) {
    await server.start();
    const clients = Array.from({ length: CLIENTS }, (_, client) => useUntilDead(server.url, `${kill}-${client}`, told));
    await delay(Math.random() * LONGEST_LIFE_MS);
    await server.kill();
    await Promise.all(clients);
  }

  await server.start();
  for (let job = await oneUnfinished(); job !== undefined; job = await oneUnfinished()) {
    await ended(server.url, job.submission_id);
  }

  const jobs = new Map<string, JobDetails>();
  for (const job of (await (await fetch(`${server.url}/api/jobs`)).json()) as JobDetails[])
    jobs.set(job.submission_id, job);
  const starts = new Map<string, number>();
  for (const id of (await readFile(join(server.directory, 'ledger'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')) {
    starts.set(id, (starts.get(id) ?? 0) + 1);
  }

  expect(told.submitted.size).toBeGreaterThan(KILLS);
  expect(
    [...told.submitted].filter((id) => !jobs.has(id)),
    'answered, and lost',
  ).toEqual([]);
  expect(
    [...starts].filter(([, count]) => count > 1),
    'started more than once',
  ).toEqual([]);
  expect(
    [...starts.keys()].filter((id) => !jobs.has(id)),
    'started, and not known',
  ).toEqual([]);
  expect(
    [...jobs.keys()].filter((id) => !told.submitted.has(id) && !told.unknown.has(id)),
    'never asked for',
  ).toEqual([]);
  const untrue = [...jobs.values()].filter(({ submission_id: id, status, driver_exit_code, error_type }) => {
    if (told.stopped.has(id)) return status !== 'STOPPED';
    // A stop whose answer never came may have been carried out.
    if (status === 'STOPPED') return false;
    return (
      status !== 'FAILED' || driver_exit_code !== 5 || !error_type.startsWith('ENTRYPOINT_FAILED') || !starts.has(id)
    );
  });
  expect(untrue, 'ended otherwise than the driver did').toEqual([]);
});
