import { describe, expect, it } from 'vitest';
import { type HttpServer, sendJson, sendProblem, startHttpServer } from '../../../client/test/fixture/http-server.ts';
import { makeJob } from '../../../client/test/fixture/job.ts';
import { makeSchedule } from '../../../client/test/fixture/schedule.ts';
import { runDrover } from './fixture/run-drover.ts';

const NIGHTLY = makeSchedule({
  name: 'nightly',
  cron: '30 2 * * *',
  time_zone: 'Europe/Berlin',
  missed: 'run_once',
  missed_window_seconds: 21_600,
  job: { entrypoint: './backup.sh' },
  last_occurrence: { scheduled_at: '2026-01-02T01:30:00.000Z', outcome: 'refused' },
  last_job: 'job-1',
  last_error: { at: '2026-01-02T01:30:00.000Z', code: 'QUEUE_DRAINING', message: 'it takes no new jobs' },
  occurrences: { started: 3, skipped: 1, missed: 2, refused: 1 },
});
const PAUSED = makeSchedule({ name: 'off', paused: true, next_occurrences: [] });

interface Sent {
  request: string;
  body: unknown;
  tenant: string | undefined;
}

async function startScheduleApi(): Promise<HttpServer & { sent: Sent[] }> {
  const sent: Sent[] = [];
  const server = await startHttpServer(async (request, response, url) => {
    const text = Buffer.concat(await request.toArray()).toString();
    const [, name, action] = url.pathname.replace('/api/v1/', '').split('/');
    sent.push({
      request: `${request.method} ${url.pathname}${url.search}`,
      body: text === '' ? null : JSON.parse(text),
      tenant: request.headers['x-tenant-id']?.toString(),
    });
    if (name === 'gone') return sendProblem(response, 404, { code: 'SCHEDULE_NOT_FOUND', detail: 'no such schedule' });
    if (request.method === 'DELETE') return void response.writeHead(204).end();
    if (action === 'run') return sendJson(response, makeJob({ id: 'job-7' }));
    if (action === 'pause') return sendJson(response, { ...NIGHTLY, paused: true, next_occurrences: [] });
    const isList = name === undefined && request.method === 'GET';
    sendJson(response, isList ? { schedules: [NIGHTLY, PAUSED] } : NIGHTLY);
  });
  return Object.assign(server, { sent });
}

const inUtc = (address: string) => ({ address, env: { TZ: 'UTC' } });

describe('schedule', () => {
  it('list shows when each comes round next, and what came of the last time', async () => {
    const { address } = await startScheduleApi();
    expect(await runDrover(['schedule', 'list'], inUtc(address))).toMatchObject({
      ...{ code: 0, stderr: '' },
      stdout: [
        'SCHEDULE  STATE   CRON        ZONE           NEXT                 LAST                 OUTCOME',
        'nightly   active  30 2 * * *  Europe/Berlin  2026-01-03 03:00:00  2026-01-02 01:30:00  refused',
        'off       paused  0 3 * * *   UTC            -                    -                    -',
        '',
      ].join('\n'),
    });
    const { stdout } = await runDrover(['schedule', 'list', '--json'], { address });
    expect(stdout).toBe(`${JSON.stringify(NIGHTLY)}\n${JSON.stringify(PAUSED)}\n`);
  });

  it('show tells all of one', async () => {
    const { address, sent } = await startScheduleApi();
    const { stdout } = await runDrover(['schedule', 'show', 'nightly', '--next', '3'], inUtc(address));
    expect(sent[0]?.request).toBe('GET /api/v1/schedules/nightly?next=3');
    for (const line of [
      /^schedule +nightly$/m,
      /^state +active$/m,
      /^next +2026-01-03 03:00:00$/m,
      /^missed +run_once: the last one is made up for$/m,
      /^made up for +not beyond 6h 0m$/m,
      /^last +2026-01-02 01:30:00: refused$/m,
      /^last error +QUEUE_DRAINING, \d+d ago: it takes no new jobs$/m,
      /^occurrences +3 started, 1 skipped, 2 missed, 1 refused$/m,
      /^job +\{"entrypoint":".\/backup.sh"\}$/m,
    ]) {
      expect(stdout).toMatch(line);
    }
  });

  it('create sends when, by which rules, and the job as a submit has it', async () => {
    const { address, sent } = await startScheduleApi();
    const when = ['--cron', '30 2 * * *', '--time-zone', 'Europe/Berlin', '--missed', 'run_once'];
    const rules = ['--missed-window', '6h', '--overlap', 'replace', '--start-at', '2026-12-01', '--paused'];
    const job = ['--queue', 'night', '--env', 'A=1', '--tenant', 'blue', '--', './backup.sh', '--all data'];
    const run = await runDrover(['schedule', 'create', 'nightly', ...when, ...rules, ...job], { address });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(/^schedule +nightly$/m);
    expect(sent).toEqual([
      {
        request: 'POST /api/v1/schedules',
        tenant: 'blue',
        body: {
          ...{ name: 'nightly', cron: '30 2 * * *', time_zone: 'Europe/Berlin', overlap: 'replace', paused: true },
          ...{ missed: 'run_once', missed_window_seconds: 21_600, start_at: '2026-12-01T00:00:00.000Z' },
          job: { entrypoint: "./backup.sh '--all data'", queue: 'night', runtime_env: { env_vars: { A: '1' } } },
        },
      },
    ]);
  });

  it('set sends what is named, and a job only as a whole', async () => {
    const { address, sent } = await startScheduleApi();
    const set = (...args: string[]) => runDrover(['schedule', 'set', 'nightly', ...args], { address });
    expect(await set('--missed-window', 'none', '--end-at', 'none')).toMatchObject({ code: 0 });
    expect(await set('--queue', 'night', '--', 'true')).toMatchObject({ code: 0 });
    expect(sent.map(({ request, body }) => [request, body])).toEqual([
      ['PATCH /api/v1/schedules/nightly', { missed_window_seconds: null, end_at: null }],
      ['PATCH /api/v1/schedules/nightly', { job: { entrypoint: 'true', queue: 'night' } }],
    ]);
    const lonely = await set('--cron', '@daily', '--queue', 'night');
    expect(lonely).toMatchObject({ code: 2, stderr: expect.stringContaining('needs a COMMAND') });
    expect(await set()).toMatchObject({ code: 2, stderr: expect.stringContaining('nothing is named') });
    expect(sent).toHaveLength(2);
  });

  it('pause, resume, run and delete do it for each, and say so', async () => {
    const { address, sent } = await startScheduleApi();
    const run = async (...args: string[]) => (await runDrover(['schedule', ...args], inUtc(address))).stdout;
    expect(await run('pause', 'nightly')).toBe('schedule nightly is paused\n');
    expect(await run('resume', 'nightly')).toBe('schedule nightly is active: next at 2026-01-03 03:00:00\n');
    expect(await run('run', 'nightly')).toBe('job-7\n');
    expect(await run('delete', 'nightly')).toBe('schedule nightly is deleted\n');
    expect(sent.map(({ request }) => request)).toEqual([
      'POST /api/v1/schedules/nightly/pause',
      'POST /api/v1/schedules/nightly/resume',
      'POST /api/v1/schedules/nightly/run',
      'DELETE /api/v1/schedules/nightly',
    ]);
    const gone = await runDrover(['schedule', 'delete', 'gone', 'nightly', '--json'], { address });
    expect(gone).toMatchObject({ code: 1, stdout: '{"name":"nightly","deleted":true}\n' });
    expect(JSON.parse(gone.stderr)).toMatchObject({ code: 'SCHEDULE_NOT_FOUND' });
  });

  it.each([
    [['create', 'nightly', '--', 'true'], '--cron is missing'],
    [['create', 'nightly', '--cron', '@daily'], 'there is nothing to run: drover schedule create <name>'],
    [['create', 'nightly', '--cron', '@daily', '--overlap', 'both', '--', 'true'], 'Allowed choices are'],
    [['create', 'nightly', '--cron', '@daily', '--end-at', 'tomorrow', '--', 'true'], 'It must be a date'],
  ])('%j is refused before anything is sent', async (args, message) => {
    const { address, sent } = await startScheduleApi();
    const run = await runDrover(['schedule', ...args], { address });
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
    expect(sent).toEqual([]);
  });
});

it('list narrows by the schedule, and status names it', async () => {
  const requests: string[] = [];
  const schedule = { name: 'nightly', scheduled_at: '2026-01-02T01:30:00.000Z' };
  const { address } = await startHttpServer((request, response, url) => {
    requests.push(`${request.method} ${url.pathname}?${url.searchParams.get('schedule')}`);
    const job = makeJob({ id: 'job-1', schedule });
    sendJson(response, url.pathname.endsWith('/jobs') ? { jobs: [job], next_cursor: null } : job);
  });
  await runDrover(['list', '--schedule', 'nightly'], { address });
  await runDrover(['list', '--filter', 'schedule=nightly'], { address });
  expect(requests).toEqual(['GET /api/v1/jobs?nightly', 'GET /api/v1/jobs?nightly']);
  const { stdout } = await runDrover(['status', 'job-1'], inUtc(address));
  expect(stdout).toMatch(/^schedule +nightly, for 2026-01-02 01:30:00$/m);
});
