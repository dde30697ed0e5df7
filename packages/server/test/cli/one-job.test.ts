import { describe, expect, it } from 'vitest';
import { startFakeApi } from './fixture/fake-api.ts';
import { runDrover, startDrover } from './fixture/run-drover.ts';

const ENDED = { status: 'SUCCEEDED', end: { code: 'NONE', message: '', exit_code: 0 } } as const;

describe('status', () => {
  it('shows what there is to know of a job, and why it waits', async () => {
    const api = await startFakeApi();
    api.add({
      id: 'a',
      pending_reason: {
        code: 'WAITING_FOR_RESOURCES',
        message: 'needs 2 gpus; 3rd in queue train',
        jobs_ahead: 2,
        lack: null,
      },
      queue: 'train',
      priority: -5,
      resources: { cpus: 0, gpus: 2, memory_bytes: 0, custom: { NPU: 1 } },
      metadata: { team: 'blue' },
      runtime_env: { env_vars: { A: 'b' }, working_dir: '/data/set' },
    });
    const { code, stdout } = await runDrover(['status', 'a'], { address: api.address });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^id {12}a\nstatus {8}PENDING\nwhy pending {3}needs 2 gpus; 3rd in queue train\n/);
    expect(stdout).toContain('resources     2 gpus, 1 NPU\n');
    expect(stdout).toContain('queue         train\npriority      -5\n');
    expect(stdout).toContain('metadata      team=blue\n');
    expect(stdout).toContain('working dir   /data/set\n');
    expect(stdout).toContain('environment   {"env_vars":{"A":"b"}}\n');
  });

  it('says nothing of queue and priority where they are those of every job', async () => {
    const api = await startFakeApi();
    api.add({ id: 'a', entrypoint: 'true\nfalse' });
    const { stdout } = await runDrover(['status', 'a'], { address: api.address });
    expect(stdout).not.toMatch(/^(queue|priority)/m);
    expect(stdout).toContain('command       true\\nfalse\n');
  });

  it("is the API's own object with --json, before or behind the command's name", async () => {
    const api = await startFakeApi();
    api.add({ id: 'a' });
    for (const args of [
      ['status', 'a', '--json'],
      ['--json', 'status', 'a'],
      ['--address', api.address, 'status', 'a', '--json'],
    ]) {
      const { stdout } = await runDrover(args, { address: api.address });
      expect(JSON.parse(stdout)).toMatchObject({ id: 'a', status: 'PENDING', door: 'native' });
    }
  });
});

describe('status of a job that is tried again', () => {
  it('tells of retries, dependencies and limits', async () => {
    const api = await startFakeApi();
    const nextAt = new Date(Date.now() + 3_600_000).toISOString();
    api.add({
      id: 'a',
      max_retries: 3,
      retry_policy: {
        ...{ initial_delay_seconds: 5, max_delay_seconds: 600, multiplier: 2, jitter: 0.2 },
        rules: [
          { exit_codes: [75], signals: ['SIGKILL'], retry: true },
          { codes: ['ENTRYPOINT_FAILED'], retry: false },
        ],
      },
      retries: { made: 1, next_at: nextAt, last_end: { code: 'ENTRYPOINT_FAILED', message: 'no', exit_code: 75 } },
      ...{ after: ['x'], after_any: ['y', 'z'], after_success: ['w'] },
      ...{ time_limit_seconds: 7200, queue_time_limit_seconds: 90, ttl_seconds_after_finished: 600 },
      element: { array: 'sweep', index: 3, size: 100 },
      retry_of: 'older',
    });
    const { stdout } = await runDrover(['status', 'a'], { address: api.address });
    expect(stdout).toMatch(/^retries {11}1 of 3 made\nnext try {10}\S+ \S+ \(in (1h 0m|59m \d+s)\)\n/m);
    expect(stdout).toContain('last end          ENTRYPOINT_FAILED: no\n');
    expect(stdout).toContain('tried again on    75, SIGKILL; not ENTRYPOINT_FAILED\n');
    expect(stdout).toContain('after start of    x\nafter end of      y, z\nafter success of  w\n');
    expect(stdout).toContain('time limit        2h 0m\nqueue time limit  1m 30s\nttl               10m 0s\n');
    expect(stdout).toContain('element           3 of array sweep (0 to 99)\ncopy of           older\n');
    api.end('a', { exitCode: 0 });
    expect((await runDrover(['status', 'a'], { address: api.address })).stdout).not.toContain('last end');
  });
});

describe('status of an array', () => {
  it('tells how far it is, and what never came to be', async () => {
    const api = await startFakeApi();
    const array = { size: 100, max_running: 4, waiting: 59, running: 4, succeeded: 35, failed: 2, stopped: 0 };
    api.add({ id: 'sweep', status: 'RUNNING', array });
    const running = await runDrover(['status', 'sweep'], { address: api.address });
    expect(running.stdout).toContain('elements      37 of 100 ended, 2 failed, 4 running, 59 waiting\n');
    expect(running.stdout).toContain('at once       at most 4\n');
    api.change('sweep', { array: { ...array, running: 0, stopped: 4 } });
    api.end('sweep', { status: 'STOPPED', code: 'STOPPED', exitCode: null });
    const stopped = await runDrover(['status', 'sweep'], { address: api.address });
    expect(stopped.stdout).toContain('elements      41 of 100 ended, 2 failed, 4 stopped, 59 never started\n');
  });
});

describe('attempts', () => {
  it('shows every try with its end', async () => {
    const api = await startFakeApi();
    api.add({ id: 'a' });
    const nobody = await runDrover(['attempts', 'a'], { address: api.address });
    expect(nobody).toMatchObject({ code: 0, stdout: '', stderr: 'drover: no attempts\n' });
    const times = { started_at: '2026-01-02T03:04:05.000Z', ended_at: '2026-01-02T03:04:08.500Z' };
    const failure = { code: 'ENVIRONMENT_FAILED', message: 'pip said no', exit_code: null };
    api.addAttempt({ number: 1, attempt: null, started_at: null, ended_at: times.ended_at, end: failure });
    const killed = { code: 'ENTRYPOINT_FAILED', message: 'killed', exit_code: 137 };
    api.addAttempt({ number: 2, attempt: null, ...times, end: killed });
    api.addAttempt({ number: 3, attempt: null, ...times, end: { code: 'NONE', message: '', exit_code: 0 } });
    api.addAttempt({ number: 4, attempt: null, started_at: null, ended_at: null, end: null });
    const { stdout } = await runDrover(['attempts', 'a'], { address: api.address, env: { TZ: 'UTC' } });
    expect(stdout).toBe(
      [
        'ATTEMPT  STARTED              RAN   EXIT  END                 WHY',
        '1        -                    -     -     ENVIRONMENT_FAILED  pip said no',
        '2        2026-01-02 03:04:05  3.5s  137   ENTRYPOINT_FAILED   killed',
        '3        2026-01-02 03:04:05  3.5s  0     SUCCEEDED',
        '4        -                    -     -     not yet',
        '',
      ].join('\n'),
    );
    const json = await runDrover(['attempts', 'a', '--json'], { address: api.address });
    const lines = json.stdout.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).number)).toEqual([1, 2, 3, 4]);
  });
});

describe('logs', () => {
  it('of an array says where its output is', async () => {
    const api = await startFakeApi();
    const array = { size: 2, max_running: null, waiting: 2, running: 0, succeeded: 0, failed: 0, stopped: 0 };
    api.add({ id: 'sweep', array });
    expect(await runDrover(['logs', 'sweep'], { address: api.address })).toMatchObject({
      ...{ code: 0, stdout: '' },
      stderr: 'drover: an array has no output, its elements have: sweep:0 is the first\n',
    });
  });

  it('writes bytes as they are, whole or the last lines', async () => {
    const api = await startFakeApi();
    api.add({ id: 'a', ...ENDED });
    const bytes = Buffer.from([0, 255, 10, 128, 27, 10, 65, 10]);
    api.print('a', bytes);
    const whole = await runDrover(['logs', 'a'], { address: api.address });
    expect(whole.bytes).toEqual(bytes);
    expect((await runDrover(['logs', '--tail', '1', 'a'], { address: api.address })).stdout).toBe('A\n');
  });

  it('says on stderr what a capped log has lost', async () => {
    const api = await startFakeApi();
    api.add({ id: 'a', ...ENDED });
    api.print('a', '0123456789');
    api.dropLogBefore('a', 4);
    const { code, stdout, stderr } = await runDrover(['logs', 'a'], { address: api.address });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '456789' });
    expect(stderr).toBe('drover: bytes 0 to 3 of the output are gone: the log is capped\n');
  });

  it('follows a job to its end, whatever its exit code', async () => {
    const api = await startFakeApi();
    api.add({ id: 'a' });
    const run = startDrover(['logs', '-f', 'a'], { address: api.address });
    await expect.poll(() => api.requests.join()).toContain('follow=true');
    api.print('a', 'one\n');
    await run.shows('stdout', 'one\n');
    api.print('a', 'two\n');
    api.end('a', { exitCode: 4 });
    const { code, stdout, stderr } = await run.outcome;
    const end = 'drover: a FAILED: ENTRYPOINT_FAILED\n';
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: 'one\ntwo\n', stderr: end });
  });

  it.each([[['a']], [['-f', 'a']]])('%j of a job that failed without output says why it failed', async (args) => {
    const api = await startFakeApi();
    api.add({
      id: 'a',
      status: 'FAILED',
      end: { code: 'ENVIRONMENT_FAILED', message: 'no such folder: /x', exit_code: null },
    });
    const { code, stdout, stderr } = await runDrover(['logs', ...args], { address: api.address });
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toBe('drover: a FAILED: ENVIRONMENT_FAILED, no such folder: /x\n');
    const json = await runDrover(['logs', '--json', ...args], { address: api.address });
    expect(json.stderr).toBe('');
  });

  it('says nothing more of a job that succeeded, that has output, or that has not ended', async () => {
    const api = await startFakeApi();
    api.add({ id: 'fine', ...ENDED });
    api.add({ id: 'early' });
    api.add({ id: 'failed' });
    api.print('failed', 'output\n');
    api.end('failed', { exitCode: 1 });
    for (const args of [['fine'], ['-f', 'fine'], ['early'], ['failed']]) {
      const { code, stderr } = await runDrover(['logs', ...args], { address: api.address });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
  });
});

describe('stop', () => {
  it('stops several jobs, goes on after one that is unknown, and exits with 1 then', async () => {
    const api = await startFakeApi();
    api.add({ id: 'a' });
    api.add({ id: 'b', ...ENDED });
    const { code, stdout, stderr } = await runDrover(['stop', 'a', 'x', 'b', '--grace', '2s'], {
      address: api.address,
    });
    expect(code).toBe(1);
    expect(stdout).toBe('a is being stopped\nhad ended before: b SUCCEEDED\n');
    expect(stderr).toBe("drover: no job has the id 'x'\n");
  });

  it('says why a job cannot be stopped yet', async () => {
    const api = await startFakeApi();
    const trouble = 'this server has no engine hpc';
    api.add({ id: 'a', status: 'RUNNING', stop: { requested_at: new Date().toISOString(), reason: 'asked', trouble } });
    const { code, stdout } = await runDrover(['stop', 'a'], { address: api.address });
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'a is being stopped: this server has no engine hpc\n' });
    expect((await runDrover(['status', 'a'], { address: api.address })).stdout).toMatch(
      /^stop asked .*: asked\nnot yet +this server has no engine hpc$/m,
    );
  });

  it("is the API's own answers with --json", async () => {
    const api = await startFakeApi();
    api.add({ id: 'a' });
    const { stdout } = await runDrover(['stop', 'a', '--json'], { address: api.address });
    expect(JSON.parse(stdout)).toMatchObject({ stopping: true, job: { id: 'a' } });
  });
});

describe('stop --wait', () => {
  it('asks all to stop, then waits for their ends; one that is deleted meanwhile makes the exit code 125', async () => {
    const api = await startFakeApi();
    for (const id of ['a', 'b', 'c']) api.add({ id, status: 'RUNNING' });
    api.add({ id: 'd', ...ENDED });
    const run = startDrover(['stop', '--wait', 'a', 'b', 'c', 'd'], { address: api.address });
    await expect.poll(() => api.requests.join()).toContain('/jobs/a/wait');
    for (const id of ['a', 'b', 'c']) expect(api.requests.join()).toContain(`/jobs/${id}/stop`);
    const end = { status: 'STOPPED', code: 'STOPPED', message: 'stopped on request', exitCode: null } as const;
    api.end('a', end);
    await expect.poll(() => api.requests.join()).toContain('/jobs/b/wait');
    api.forget('b');
    api.end('c', end);
    const { code, stdout, stderr } = await run.outcome;
    expect(stdout).toBe(
      'had ended before: d SUCCEEDED\na STOPPED: STOPPED, stopped on request\nc STOPPED: STOPPED, stopped on request\n',
    );
    expect(stderr).toBe("drover: job 'b' was deleted meanwhile: how it ended is not known any more\n");
    expect(code).toBe(125);
  });

  it('with --json answers with the job as it ended', async () => {
    const api = await startFakeApi();
    api.add({ id: 'a', status: 'RUNNING' });
    const run = startDrover(['stop', '--wait', 'a', '--json'], { address: api.address });
    await expect.poll(() => api.requests.join()).toContain('/jobs/a/wait');
    api.end('a', { status: 'STOPPED', code: 'STOPPED', exitCode: 143 });
    const { code, stdout } = await run.outcome;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ stopping: true, job: { status: 'STOPPED', end: { exit_code: 143 } } });
  });
});

describe('delete', () => {
  it('deletes what has ended, and says what has not', async () => {
    const api = await startFakeApi();
    api.add({ id: 'a', ...ENDED });
    api.add({ id: 'b' });
    const { code, stdout, stderr } = await runDrover(['delete', 'b', 'a'], { address: api.address });
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'a is deleted\n' });
    expect(stderr).toBe("drover: job 'b' is PENDING (JOB_NOT_ENDED)\n");
    const again = await runDrover(['delete', 'a', '--json'], { address: api.address });
    expect(JSON.parse(again.stderr)).toMatchObject({ code: 'JOB_NOT_FOUND', status: 404 });
  });
});

describe('events', () => {
  it('shows the whole history', async () => {
    const api = await startFakeApi();
    api.add({ id: 'a' });
    const types = ['submitted', 'handed_over', 'started', 'stop_requested', 'ended'];
    for (const [index, type] of types.entries()) {
      const at = '2026-01-02T03:04:05.000Z';
      api.addEvent({
        id: 10 + index,
        job_id: 'a',
        type,
        at,
        revision: index + 1,
        detail: { reason: 'why not', pid: 7 },
      });
    }
    const { stdout } = await runDrover(['events', 'a'], { address: api.address, env: { TZ: 'UTC' } });
    const lines = stdout.trim().split('\n');
    expect(lines[0]).toMatch(/^TIME +WHAT +DETAIL$/);
    expect(lines.slice(1).map((line) => line.split(/\s{2,}/)[1])).toEqual(types);
    expect(lines[1]).toMatch(/^2026-01-02 03:04:05 {2}submitted +reason=why not pid=7$/);
    const json = await runDrover(['events', 'a', '--json'], { address: api.address });
    expect(
      json.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).type),
    ).toEqual(types);
  });
});

describe('version', () => {
  it("shows both versions, and is content without a server's", async () => {
    const api = await startFakeApi();
    const both = await runDrover(['version'], { address: api.address });
    expect(both.stdout).toMatch(/^drover \d+\.\d+\.\d+\nserver 9\.9\.9 \(API v1, node node-1\)\n$/);
    await api.close();
    const alone = await runDrover(['version', '--json'], { address: api.address });
    expect(alone.code).toBe(0);
    expect(JSON.parse(alone.stdout)).toEqual({ client: expect.stringMatching(/^\d/), server: null });
  });
});
