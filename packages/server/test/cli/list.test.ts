import { describe, expect, it } from 'vitest';
import { type FakeApi, startFakeApi } from './fixture/fake-api.ts';
import { DROVER, runDrover, startProgram } from './fixture/run-drover.ts';

const LONG_ID = 'a'.repeat(128);

function secondsAgo(seconds: number): string {
  return new Date(Date.now() - seconds * 1000).toISOString();
}

async function apiWithJobs(): Promise<FakeApi> {
  const api = await startFakeApi();
  api.add({
    id: LONG_ID,
    status: 'FAILED',
    entrypoint: 'printf "\x1b[31m"\nexit 3',
    submitted_at: secondsAgo(3 * 86_400 + 60),
    started_at: secondsAgo(3 * 86_400),
    ended_at: secondsAgo(3 * 86_400 - 125),
    end: { code: 'ENTRYPOINT_FAILED', message: 'no', exit_code: 3 },
  });
  api.add({ id: 'short', entrypoint: '訓練 --fast', submitted_at: secondsAgo(90) });
  return api;
}

describe('list', () => {
  it('shows aligned columns, whole ids, relative times, and no control characters', async () => {
    const api = await apiWithJobs();
    const { code, stdout, stderr } = await runDrover(['list'], { address: api.address });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(
      [
        `ID${' '.repeat(126)}  STATUS   SUBMITTED  RAN    EXIT  COMMAND`,
        `short${' '.repeat(123)}  PENDING  1m ago     -      -     訓練 --fast`,
        `${LONG_ID}  FAILED   3d ago     2m 5s  3     printf "\\x1b[31m"\\nexit 3`,
        '',
      ].join('\n'),
    );
  });

  it('shows queue and priority once a job has others than most', async () => {
    const api = await startFakeApi({ pageSize: 1 });
    api.add({ id: 'job-1', submitted_at: secondsAgo(90) });
    api.add({ id: 'job-2', submitted_at: secondsAgo(90), queue: 'train' });
    api.add({ id: 'job-3', submitted_at: secondsAgo(90), priority: -7 });
    const { stdout } = await runDrover(['list'], { address: api.address });
    expect(stdout).toBe(
      [
        'ID     STATUS   PRIORITY  SUBMITTED  RAN  EXIT  COMMAND',
        'job-3  PENDING  -7        1m ago     -    -     true',
        'ID     STATUS   QUEUE    PRIORITY  SUBMITTED  RAN  EXIT  COMMAND',
        'job-2  PENDING  train    0         1m ago     -    -     true',
        'job-1  PENDING  default  0         1m ago     -    -     true',
        '',
      ].join('\n'),
    );
  });

  it('shows an array in one line, where its newest element stands', async () => {
    const api = await startFakeApi({ pageSize: 2 });
    const array = { size: 100, max_running: null, waiting: 60, running: 2, succeeded: 36, failed: 2, stopped: 0 };
    const submitted_at = secondsAgo(90);
    api.add({ id: 'sweep', status: 'RUNNING', array, submitted_at });
    for (const index of [0, 1, 2]) {
      api.add({ id: `sweep:${index}`, element: { array: 'sweep', index, size: 100 }, submitted_at });
    }
    api.add({ id: 'copy', element: { array: 'sweep', index: 1, size: 100 }, submitted_at });
    api.add({ id: 'gone:7', element: { array: 'gone', index: 7, size: 9 }, submitted_at });
    api.add({ id: 'sweep:3', element: { array: 'sweep', index: 3, size: 100 }, submitted_at });
    const { stdout } = await runDrover(['list'], { address: api.address });
    expect(stdout).toBe(
      [
        'ID      STATUS   ELEMENTS          SUBMITTED  RAN  EXIT  COMMAND',
        'sweep   RUNNING  38/100, 2 failed  1m ago     -    -     true',
        'gone:7  PENDING  -                 1m ago     -    -     true',
        'copy    PENDING  -                 1m ago     -    -     true',
        '',
      ].join('\n'),
    );
    expect(api.requests.filter((request) => request.startsWith('GET /api/v1/jobs/'))).toEqual([
      'GET /api/v1/jobs/sweep',
      'GET /api/v1/jobs/gone',
    ]);
    for (const args of [['--elements'], ['--search', 'sweep'], ['--status', 'pending']]) {
      const all = await runDrover(['list', ...args], { address: api.address });
      expect(all.stdout.match(/^sweep:\d/gm)).toEqual(['sweep:3', 'sweep:2', 'sweep:1', 'sweep:0']);
    }
  });

  it('looks at 20 jobs at most for a line, where most are elements of one array', async () => {
    const api = await startFakeApi();
    const array = { size: 1000, max_running: null, waiting: 0, running: 1000, succeeded: 0, failed: 0, stopped: 0 };
    api.add({ id: 'older' });
    api.add({ id: 'sweep', array });
    for (let index = 0; index < 1000; index++) {
      api.add({ id: `sweep:${index}`, element: { array: 'sweep', index, size: 1000 } });
    }
    api.add({ id: 'newer' });
    const short = await runDrover(['list', '--limit', '10'], { address: api.address });
    expect(short.stdout.match(/^(newer|sweep|older)/gm)).toEqual(['newer', 'sweep']);
    expect(short.stderr).toContain('there are more');
    expect(api.requests).toHaveLength(4);
    const long = await runDrover(['list', '--limit', '100'], { address: api.address });
    expect(long.stdout.match(/^(newer|sweep|older)/gm)).toEqual(['newer', 'sweep', 'older']);
    expect(long.stderr).toBe('');
  });

  it('cuts commands of more than 200 characters', async () => {
    const api = await startFakeApi();
    api.add({ id: 'fits', entrypoint: 'x'.repeat(200) });
    api.add({ id: 'long', entrypoint: 'y'.repeat(201) });
    const { stdout } = await runDrover(['list'], { address: api.address });
    expect(stdout.match(/[xy]{9,}…?$/gm)).toEqual([`${'y'.repeat(199)}…`, 'x'.repeat(200)]);
  });

  it('asks for what the filters say', async () => {
    const api = await apiWithJobs();
    const args = [
      ...['list', '--status', 'failed,STOPPED', '--status', 'running', '--metadata', 'team=blue', '--search', 'train'],
      ...['--tenant', 'acme', '--since', '2026-01-01T00:00:00Z', '--until', '30m', '--limit', '7'],
      ...['--sort', '-ended_at'],
    ];
    const beforeMs = Date.now();
    expect((await runDrover(args, { address: api.address })).code).toBe(0);
    const { searchParams } = new URL(api.requests[0]?.split(' ')[1] ?? '', api.address);
    const untilMs = Date.parse(searchParams.get('submitted_before') ?? '');
    expect(untilMs).toBeGreaterThanOrEqual(beforeMs - 30 * 60_000);
    expect(untilMs).toBeLessThanOrEqual(Date.now() - 30 * 60_000);
    searchParams.delete('submitted_before');
    expect([...searchParams]).toEqual([
      ['status', 'FAILED'],
      ['status', 'STOPPED'],
      ['status', 'RUNNING'],
      ['metadata.team', 'blue'],
      ['submitted_after', '2026-01-01T00:00:00.000Z'],
      ['q', 'train'],
      ['tenant', 'acme'],
      ['sort', '-ended_at'],
      ['limit', '7'],
    ]);
  });

  it('refuses an order that there is not, with those there are', async () => {
    const { code, stderr } = await runDrover(['list', '--sort', 'status'], {});
    expect(code).toBe(2);
    expect(stderr).toContain('Allowed choices are submitted_at, -submitted_at, ended_at, -ended_at, id, -id');
  });

  it("writes the API's own objects as NDJSON", async () => {
    const api = await apiWithJobs();
    const { stdout } = await runDrover(['list', '--json'], { address: api.address });
    const jobs = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(jobs.map(({ id, status, revision }) => [id, status, revision])).toEqual([
      ['short', 'PENDING', 1],
      [LONG_ID, 'FAILED', 1],
    ]);
  });

  it('stops at the limit and says that there are more; --all goes through all pages', async () => {
    const api = await startFakeApi({ pageSize: 3 });
    for (let index = 0; index < 10; index++) api.add({ id: `job-${index}` });
    const limited = await runDrover(['list', '--limit', '4'], { address: api.address });
    expect(limited.stdout.match(/^job-\d/gm)).toEqual(['job-9', 'job-8', 'job-7', 'job-6']);
    expect(limited.stderr).toBe('drover: there are more: --limit N for so many, --all for all\n');
    const all = await runDrover(['list', '--all'], { address: api.address });
    expect(all.stdout.match(/^job-\d/gm)).toHaveLength(10);
    expect(all.stdout.match(/^ID/gm)).toHaveLength(1);
    expect(all.stderr).toBe('');
  });

  it('says so when there are none, on stderr', async () => {
    const api = await startFakeApi();
    const { code, stdout, stderr } = await runDrover(['list'], { address: api.address });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: 'drover: no jobs\n' });
  });

  it('ends quietly when its reader has enough', async () => {
    const api = await startFakeApi({ pageSize: 100 });
    for (let index = 0; index < 5000; index++) api.add({ id: `job-${index}`, entrypoint: 'x'.repeat(100) });
    const drover = DROVER.map((word) => `'${word}'`).join(' ');
    const pipeline = `{ ${drover} list --all; echo "exit $?" >&2; } | head -n 2`;
    const { code, stdout, stderr } = await startProgram(['sh', '-c', pipeline], { address: api.address }).outcome;
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(2);
    expect(stderr).toBe('exit 0\n');
    expect(api.requests.length).toBeLessThan(50);
  });
});
