import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Job, JobStatus } from '@drover/client/job';
import type { Schedule } from '@drover/client/schedule';
import { beforeEach, expect, it } from 'vitest';
import { commandLineOf } from './command-line.ts';
import { eventually } from './job-api.ts';
import { useServer } from './use-server.ts';

// The built command against the built server, which comes round every second.

const KILLS = 6;
/** Each server lives for a time between 0 and this. */
const LONGEST_LIFE_MS = 2_000;

const server = useServer();
const { succeeds: drover } = commandLineOf(server);

beforeEach(() => server.start());

const shown = async (name: string): Promise<Schedule> => JSON.parse(await drover('schedule', 'show', name, '--json'));

/** The jobs of a schedule, the oldest first. */
async function jobsOf(name: string): Promise<Job[]> {
  const response = await fetch(`${server.url}/api/v1/jobs?schedule=${name}&sort=submitted_at&limit=1000`);
  return ((await response.json()) as { jobs: Job[] }).jobs;
}

function jobsAs(name: string, ...statuses: JobStatus[]): Promise<Job[]> {
  return eventually(`${name} has jobs that are ${statuses}`, async () => {
    const jobs = await jobsOf(name);
    return statuses.every((status, index) => jobs[index]?.status === status) && jobs;
  });
}

it('submits jobs by the clock, which know what moment they are for', async () => {
  const created = await drover(
    'schedule',
    'create',
    'tick',
    '--cron',
    '* * * * * *',
    '--overlap',
    'allow',
    '--',
    'env',
  );
  expect(created).toMatch(/^state +active$/m);
  const [first, second] = await jobsAs('tick', 'SUCCEEDED', 'SUCCEEDED');
  expect(await drover('schedule', 'pause', 'tick')).toBe('schedule tick is paused\n');

  const moments = [first, second].map((job) => Date.parse(job?.schedule?.scheduled_at ?? ''));
  expect((moments[1] ?? 0) - (moments[0] ?? 0)).toBe(1_000);
  const output = await drover('logs', first?.id ?? '');
  expect(output).toMatch(/^DROVER_SCHEDULE=tick$/m);
  expect(output).toContain(`DROVER_SCHEDULED_AT=${first?.schedule?.scheduled_at}\n`);
  expect(await drover('status', first?.id ?? '')).toMatch(/^schedule +tick, for /m);

  const { occurrences, last_occurrence: last, last_job: lastJob } = await shown('tick');
  const all = await jobsOf('tick');
  expect(occurrences).toEqual({ started: all.length, skipped: 0, missed: 0, refused: 0 });
  expect({ last, lastJob }).toEqual({
    last: { scheduled_at: all.at(-1)?.schedule?.scheduled_at, outcome: 'started' },
    lastJob: all.at(-1)?.id,
  });

  const byHand = (await drover('schedule', 'run', 'tick')).trim();
  expect(JSON.parse(await drover('wait', byHand, '--json'))).toMatchObject({
    ...{ status: 'SUCCEEDED', schedule: { name: 'tick', scheduled_at: null } },
  });
  expect(await drover('logs', byHand)).not.toContain('DROVER_SCHEDULED_AT');
  expect((await shown('tick')).last_job).toBe(byHand);
  const copy = JSON.parse(await drover('retry', byHand, '--json'));
  expect(copy).toMatchObject({ schedule: null, retry_of: byHand });
  expect(await drover('schedule', 'delete', 'tick')).toBe('schedule tick is deleted\n');
  expect(await jobsOf('tick')).toHaveLength(all.length + 1);
});

it('skips while a job has not ended, or replaces it: one ends before the other starts', async () => {
  await drover('schedule', 'create', 'slow', '--cron', '* * * * * *', '--', 'sleep', '600');
  await eventually('one is skipped', async () => (await shown('slow')).occurrences.skipped > 0);
  await jobsAs('slow', 'RUNNING');
  expect(await jobsOf('slow')).toHaveLength(1);

  await drover('schedule', 'set', 'slow', '--overlap', 'replace');
  await jobsAs('slow', 'STOPPED');
  await drover('schedule', 'pause', 'slow');
  const jobs = await eventually('the last one runs', async () => {
    const all = await jobsOf('slow');
    return all.at(-1)?.status === 'RUNNING' && all;
  });
  const [last, ...replaced] = jobs.reverse();
  const [before] = replaced;
  expect(last?.after_any).toEqual([before?.id]);
  expect(replaced.filter((job) => job.end?.code !== 'STOPPED')).toEqual([]);
  // Linux tells the start of a process in hundredths of a second.
  expect(Date.parse(last?.started_at ?? '')).toBeGreaterThanOrEqual(Date.parse(before?.ended_at ?? '') - 10);
  await drover('stop', '--schedule', 'slow', '--yes');
});

it('loses and doubles no occurrence when it is killed at any moment', { timeout: 240_000 }, async () => {
  const ledger = join(server.directory, 'ledger');
  await writeFile(ledger, '');
  const schedule = ['--cron', '* * * * * *', '--overlap', 'allow', '--working-dir', server.directory];
  await drover('schedule', 'create', 'tick', ...schedule, '--', 'echo $DROVER_SCHEDULED_AT >> ledger');
  for (let kill = 0; kill < KILLS; kill += 1) {
    await delay(Math.random() * LONGEST_LIFE_MS);
    await server.kill();
    await server.start();
  }
  await drover('schedule', 'pause', 'tick');
  await eventually('every job has ended', async () => (await jobsOf('tick')).every(({ ended_at: at }) => at !== null));

  const jobs = await jobsOf('tick');
  const momentsMs = jobs.map((job) => Date.parse(job.schedule?.scheduled_at ?? ''));
  const firstMs = momentsMs[0] ?? 0;
  expect(momentsMs, 'every second has one job').toEqual(momentsMs.map((_, index) => firstMs + index * 1_000));
  expect((await shown('tick')).occurrences).toEqual({ started: jobs.length, skipped: 0, missed: 0, refused: 0 });
  const starts = (await readFile(ledger, 'utf8')).split('\n').filter((line) => line !== '');
  expect(starts.length, 'no driver has started twice').toBe(new Set(starts).size);
  expect([...starts].sort()).toEqual(
    jobs.filter((job) => job.status === 'SUCCEEDED').map((job) => job.schedule?.scheduled_at),
  );
});
