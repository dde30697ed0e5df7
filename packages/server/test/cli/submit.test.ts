import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { startFakeApi } from './fixture/fake-api.ts';
import { runDrover, startDrover } from './fixture/run-drover.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'drover-submit-')));
afterAll(() => rmSync(folder, { recursive: true }));

describe('submit', () => {
  it('prints the id alone, and sends no more than was asked for', async () => {
    const api = await startFakeApi();
    const { code, stdout, stderr } = await runDrover(['submit', '--', 'echo "$HOME" | wc'], { address: api.address });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'job-1\n', stderr: '' });
    expect(api.submissions).toEqual([{ entrypoint: 'echo "$HOME" | wc' }]);
  });

  it('sends everything that can be asked for', async () => {
    const api = await startFakeApi();
    writeFileSync(join(folder, 'variables'), '# comment\nA=from file\nB="two words"\n');
    const args = [
      ...[
        'submit',
        '--id',
        'my-job',
        '--working-dir',
        'data',
        '--in-place',
        '--env-file',
        'variables',
        '--env',
        'A=from flag',
      ],
      ...['--env', 'EMPTY=', '--env', 'MINE', '--env', 'EQ=a=b', '--pip', 'numpy==1.24', '--pip', 'scipy'],
      ...['--num-cpus', '1.5', '--num-gpus', '2', '--memory', '2GiB', '--resource', 'NPU=1', '--resource', 'x=0.5'],
      ...['--metadata', 'team=blue', '--metadata', 'note=a=b', '--label', 'fast', '--label', 'cheap'],
      ...[
        '--queue',
        'train',
        '--priority',
        '-10',
        '--max-retries',
        '3',
        '--retry-delay',
        '1m',
        '--retry-on',
        '75,SIGKILL',
      ],
      ...['--no-retry-on', 'entrypoint_failed', '--retry-on', 'OUT_OF_MEMORY', '--time-limit', '2h', '--ttl', '7d'],
      ...['--queue-time-limit', '90s', '--after', 'a', '--after-any', 'b', '--after-any', 'c', '--after-success', 'd'],
      ...['--array', '100%4'],
      ...['--engine', 'hpc', '--engine-option', 'partition=gpu', '--engine-option', 'nice=10'],
      ...['--tenant', 'acme', '--grace', '1500ms', '--json', '--', 'python3', 'my script.py', '--epochs', '3'],
    ];
    const { code, stdout } = await runDrover(args, { address: api.address, cwd: folder, env: { MINE: 'of mine' } });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id: 'my-job', status: 'PENDING' });
    expect(api.lastHeaders()['x-tenant-id']).toBe('acme');
    expect(api.submissions).toEqual([
      {
        id: 'my-job',
        entrypoint: "python3 'my script.py' --epochs 3",
        runtime_env: {
          working_dir: join(folder, 'data'),
          env_vars: { A: 'from flag', B: 'two words', EMPTY: '', MINE: 'of mine', EQ: 'a=b' },
          pip: ['numpy==1.24', 'scipy'],
        },
        metadata: { team: 'blue', note: 'a=b' },
        resources: { cpus: 1.5, gpus: 2, memory_bytes: 2 ** 31, custom: { NPU: 1, x: 0.5 } },
        queue: 'train',
        priority: -10,
        ...{ engine: 'hpc', engine_options: { partition: 'gpu', nice: 10 } },
        labels: ['fast', 'cheap'],
        max_retries: 3,
        retry_policy: {
          initial_delay_seconds: 60,
          rules: [
            { exit_codes: [75], signals: ['SIGKILL'], retry: true },
            { codes: ['ENTRYPOINT_FAILED'], retry: false },
            { codes: ['OUT_OF_MEMORY'], retry: true },
          ],
        },
        ...{ time_limit_seconds: 7200, queue_time_limit_seconds: 90, ttl_seconds_after_finished: 604_800 },
        ...{ after: ['a'], after_any: ['b', 'c'], after_success: ['d'] },
        array: { size: 100, max_running: 4 },
        stop_grace_seconds: 1.5,
      },
    ]);
  });

  it.each([
    ['/data/set.zip', 'file:///data/set.zip'],
    ['a b#.zip', `file://${folder}/a%20b%23.zip`],
    ['file:///x/y.zip', 'file:///x/y.zip'],
    ['/absolute/', '/absolute'],
  ])('sends --working-dir %s as %s', async (given, sent) => {
    const api = await startFakeApi();
    await runDrover(['submit', '--working-dir', given, '--', 'true'], { address: api.address, cwd: folder });
    expect(api.submissions).toEqual([{ entrypoint: 'true', runtime_env: { working_dir: sent } }]);
  });

  it("leaves the command's own options to the command, also without the two dashes", async () => {
    const api = await startFakeApi();
    await runDrover(['submit', 'ls', '--json', '-f', '--', 'x'], { address: api.address });
    expect(api.submissions).toEqual([{ entrypoint: 'ls --json -f -- x' }]);
  });

  it.each([
    [['submit'], 'nothing to run'],
    [['submit', '--', ''], 'nothing to run'],
    [['submit', '--working-dir', '', '--', 'true'], '--working-dir is empty'],
    [['submit', '--working-dir', '.', '--in-place', '--upload', '--', 'true'], 'exclude each other'],
    [['submit', '--working-dir', '/x', '--exclude', 'y', '--', 'true'], '--exclude is for folders that are uploaded'],
    [['submit', '--working-dir', 'gcs://x.zip', '--upload', '--', 'true'], '--upload takes a folder'],
    [['submit', '--upload', '--', 'true'], 'which is not given'],
    [['submit', '--env', 'NOT_SET_ANYWHERE', '--', 'true'], 'NOT_SET_ANYWHERE, which is not set'],
    [['submit', '--env-file', '/does/not/exist', '--', 'true'], '/does/not/exist'],
    [['submit', '--memory', '2 elephants', '--', 'true'], '--memory'],
    [['submit', '--resource', 'NPU', '--', 'true'], 'NAME=AMOUNT'],
    [['submit', '--grace', '10', '--', 'true'], 'with a unit'],
    [['submit', '--retry-on', '256', '--', 'true'], "'256' is no exit code"],
    [['submit', '--no-retry-on', 'SIGNONE', '--', 'true'], "'SIGNONE' is no exit code"],
    [['submit', '--array', '10%0', '--', 'true'], '--array'],
    [['submit', '--num-gpu', '1', '--', 'true'], 'Did you mean --num-gpus?'],
  ])('refuses %j with exit code 2, and sends nothing', async (args, message) => {
    const api = await startFakeApi();
    const { code, stdout, stderr } = await runDrover(args, { address: api.address });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(api.requests).toEqual([]);
  });
});

describe('submit with ends that are tried again', () => {
  it('says so where nothing is, since nobody said how often', async () => {
    const api = await startFakeApi();
    const { code, stderr } = await runDrover(['submit', '--retry-on', '75', '--', 'true'], { address: api.address });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'drover: it is never tried again: neither --max-retries nor its queue says how often\n',
    });
  });
});

describe('submit --follow', () => {
  it("writes the driver's bytes untouched and exits with its code", async () => {
    const api = await startFakeApi();
    const run = startDrover(['submit', '-f', '--', 'x'], { address: api.address });
    await run.shows('stderr', 'submitted job-1');
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256));
    api.change('job-1', { status: 'RUNNING', started_at: new Date().toISOString() });
    api.print('job-1', bytes);
    api.end('job-1', { exitCode: 3, message: 'the driver ended with exit code 3' });
    const outcome = await run.outcome;
    expect(outcome.code).toBe(3);
    expect(outcome.bytes.equals(bytes)).toBe(true);
    expect(outcome.stderr).toMatch(
      /^drover: submitted job-1\ndrover: job-1 FAILED after \S+: ENTRYPOINT_FAILED, the driver ended with exit code 3\n$/,
    );
  });

  it('writes the output to its end though the job is deleted meanwhile, says so, and exits with 125', async () => {
    const api = await startFakeApi();
    const run = startDrover(['submit', '--follow', '--', 'x'], { address: api.address });
    await run.shows('stderr', 'submitted job-1');
    api.change('job-1', { status: 'RUNNING', started_at: new Date().toISOString() });
    await expect.poll(() => api.requests.join()).toContain('follow=true');
    const output = 'x'.repeat(3_000_000);
    api.print('job-1', output);
    api.forget('job-1');
    const outcome = await run.outcome;
    expect(outcome.code).toBe(125);
    expect(outcome.stdout).toBe(output);
    expect(outcome.stderr).toBe(
      "drover: submitted job-1\ndrover: job 'job-1' was deleted meanwhile: how it ended is not known any more\n",
    );
  });

  it('leaves the job running on Ctrl-C, says how to come back, and exits with 130', async () => {
    const api = await startFakeApi();
    const run = startDrover(['submit', '--address', api.address, '--follow', '--id', 'long', '--', 'sleep 100']);
    await run.shows('stderr', 'submitted long');
    api.change('long', { status: 'RUNNING', started_at: new Date().toISOString() });
    api.print('long', 'first line\n');
    await run.shows('stdout', 'first line');
    run.child.kill('SIGINT');
    const { code, stderr } = await run.outcome;
    expect(code).toBe(130);
    expect(stderr).toContain(`the job goes on; come back with: drover logs -f long --address ${api.address}\n`);
    expect(api.requests.filter((request) => request.includes('stop'))).toEqual([]);
  });

  it('with --json keeps stdout for the driver and writes the job to stderr', async () => {
    const api = await startFakeApi();
    const run = startDrover(['submit', '--follow', '--json', '--', 'x'], { address: api.address });
    await run.shows('stderr', '\n');
    api.print('job-1', 'output');
    api.end('job-1', { exitCode: 0 });
    const { code, stdout, stderr } = await run.outcome;
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'output' });
    const objects = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(objects.map(({ id, status }) => [id, status])).toEqual([
      ['job-1', 'PENDING'],
      ['job-1', 'SUCCEEDED'],
    ]);
  });
});

describe('submit --wait', () => {
  it('of an array names its elements, tells of each tenth that has ended, and exits as it does', async () => {
    const api = await startFakeApi();
    const array = { size: 20, max_running: 2, waiting: 18, running: 2, succeeded: 0, failed: 0, stopped: 0 };
    api.submitsAs({ array });
    const run = startDrover(['submit', '--wait', '--id', 'sweep', '--array', '20%2', '--', 'x'], {
      address: api.address,
    });
    await run.shows('stderr', 'submitted sweep: sweep:0 to sweep:19\n');
    // By then the wait is no short one.
    await expect.poll(() => api.requests.filter((request) => request.includes('timeout=1')).length).toBeGreaterThan(1);
    api.change('sweep', { status: 'RUNNING', array: { ...array, waiting: 15, running: 1, succeeded: 3, failed: 1 } });
    const progress = 'drover: sweep RUNNING: 4 of 20 ended, 1 failed, 1 running, 15 waiting\n';
    await run.shows('stderr', progress);
    api.change('sweep', { array: { ...array, waiting: 14, running: 1, succeeded: 4, failed: 1 } });
    const asked = api.requests.length;
    await expect.poll(() => api.requests.length).toBeGreaterThan(asked + 1);
    api.end('sweep', { code: 'ELEMENTS_FAILED', message: '1 of 20 elements did not succeed', exitCode: 1 });
    const { code, stdout, stderr } = await run.outcome;
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: 'sweep FAILED: ELEMENTS_FAILED, 1 of 20 elements did not succeed\n',
    });
    expect(stderr).toBe(`drover: submitted sweep: sweep:0 to sweep:19\n${progress}`);
  });

  it('says once why the job waits, and exits with 125 when no driver ran', async () => {
    const api = await startFakeApi();
    const run = startDrover(['submit', '--wait', '--', 'x'], { address: api.address });
    await run.shows('stderr', 'submitted job-1');
    const reason = {
      code: 'WAITING_FOR_RESOURCES',
      message: 'needs 2 gpus: 4 in all, 3 in use; 2nd in queue default',
      jobs_ahead: 1,
      lack: null,
    };
    api.change('job-1', { pending_reason: reason });
    await run.shows('stderr', 'job-1 PENDING: needs 2 gpus');
    const asked = api.requests.length;
    await expect.poll(() => api.requests.length).toBeGreaterThan(asked + 1);
    api.end('job-1', { code: 'ENVIRONMENT_FAILED', message: 'pip said no', exitCode: null });
    const { code, stdout, stderr } = await run.outcome;
    expect(code).toBe(125);
    expect(stdout).toBe('job-1 FAILED: ENVIRONMENT_FAILED, pip said no\n');
    expect(stderr).toBe(
      'drover: submitted job-1\ndrover: job-1 PENDING: needs 2 gpus: 4 in all, 3 in use; 2nd in queue default\n',
    );
  });

  it('with --json writes the job as it ended', async () => {
    const api = await startFakeApi();
    const run = startDrover(['submit', '--wait', '--json', '--', 'x'], { address: api.address });
    await expect.poll(() => api.submissions.length).toBe(1);
    api.end('job-1', { exitCode: 0 });
    const { code, stdout, stderr } = await run.outcome;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ id: 'job-1', status: 'SUCCEEDED', end: { exit_code: 0 } });
  });
});
