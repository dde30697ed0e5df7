import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { findFreePorts } from '../../../../scripts/free-ports.ts';
import { type RunningDrover, startProgram } from '../cli/fixture/run-drover.ts';
import { startOnTerminal } from '../cli/fixture/terminal.ts';
import { commandLineOf } from './command-line.ts';
import { ended, running } from './job-api.ts';
import { DROVER, startServer } from './running-server.ts';
import { useServer } from './use-server.ts';

const server = useServer('all');
const { run } = commandLineOf(server);

beforeAll(async () => {
  // One job runs, all others wait.
  await server.start(['--max-running', '1', '--custom-resources', 'NPU=1']);
  await submit('blocker', { entrypoint: 'trap "" TERM; exec sleep 600' });
  await running(server.url, 'blocker');
});

afterAll(async () => {
  // Drivers would outlive the server.
  await post('/jobs/stop?all=true', { grace_seconds: 0 });
  await ended(server.url, 'blocker');
});

async function post(path: string, body: object): Promise<void> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
}

const submit = (id: string, body: object = {}) => post('/jobs', { id, entrypoint: 'exit 3', ...body });

/** Jobs that wait, newest last, with this in their metadata. */
async function submitTeam(team: string, count: number): Promise<void> {
  for (let index = 1; index <= count; index++) await submit(`${team}-${index}`, { metadata: { team } });
}

async function statuses(...filters: string[]): Promise<string[]> {
  const { stdout } = await run('list', '--all', '--json', ...filters);
  const jobs = stdout.split('\n').filter(Boolean);
  return jobs.map((line) => {
    const { id, status } = JSON.parse(line);
    return `${id} ${status}`;
  });
}

describe('filters', () => {
  it('stop the jobs that they match, and no others', async () => {
    await submitTeam('a', 3);
    await submitTeam('b', 1);
    const choice = ['--filter', 'status=PENDING', '--filter', 'metadata.team=a'];
    expect(await run('stop', ...choice, '--dry-run')).toMatchObject({ code: 0, stdout: '3 jobs would be stopped\n' });
    expect(await statuses('--metadata', 'team=a')).toEqual(['a-3 PENDING', 'a-2 PENDING', 'a-1 PENDING']);
    expect(await run('stop', ...choice)).toMatchObject({ code: 0, stdout: '3 jobs are being stopped\n', stderr: '' });
    for (const id of ['a-1', 'a-2', 'a-3']) await ended(server.url, id);
    expect(await statuses()).toEqual(['b-1 PENDING', 'a-3 STOPPED', 'a-2 STOPPED', 'a-1 STOPPED', 'blocker RUNNING']);
    const again = await run('stop', ...choice);
    expect(again).toMatchObject({ code: 0, stdout: '', stderr: 'drover: no job matches\n' });
  });

  it('delete only what has ended, and answer as the API does with --json', async () => {
    await submitTeam('gone', 2);
    await run('stop', 'gone-1', '--wait');
    const { code, stdout } = await run('delete', '--metadata', 'team=gone', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ done: 1, skipped: 0, refused: 0, ids: ['gone-1'], complete: true });
    expect(await statuses('--metadata', 'team=gone')).toEqual(['gone-2 PENDING']);
  });

  it('submit copies, whose ids are the output; what is refused is counted, and makes the exit code 1', async () => {
    const [port = 0] = await findFreePorts(1);
    const other = await startServer(join(server.directory, 'other'), [
      '--port',
      `${port}`,
      '--custom-resources',
      'NPU=1',
    ]);
    const ask = (...args: string[]) => startProgram([DROVER, ...args], { address: other.url }).outcome;
    await ask('submit', '--id', 'npu', '--resource', 'NPU=1', '--wait', '--', 'exit 3');
    await ask('submit', '--id', 'plain', '--wait', '--', 'exit 3');
    await ask('submit', '--id', 'fine', '--wait', '--', 'true');
    await other.stop();
    const without = await startServer(other.dataDir, ['--port', `${port}`]);
    try {
      const counted = await ask('retry', '--all', '--yes', '--dry-run');
      expect(counted.stdout).toBe('1 job would be submitted again; 1 cannot be run again as it is\n');
      const { code, stdout, stderr } = await ask('retry', '--since', '1h');
      expect({ code, stderr }).toEqual({
        code: 1,
        stderr: 'drover: 1 job is submitted again; 1 cannot be run again as it is\n',
      });
      expect(JSON.parse((await ask('status', stdout.trim(), '--json')).stdout)).toMatchObject({ retry_of: 'plain' });
    } finally {
      await without.stop();
    }
  });

  it('are taken at their word where nobody can be asked, but not --all alone', async () => {
    await submitTeam('word', 2);
    const refused = await run('delete', '--all');
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 2, stdout: '' });
    expect(refused.stderr).toBe('drover: --all without a filter wants --yes, since nobody can be asked here\n');
    expect(await run('stop', '--all', '--metadata', 'team=word')).toMatchObject({ code: 0 });
    for (const id of ['word-1', 'word-2']) await ended(server.url, id);
    expect((await run('delete', '--all', '--yes')).stdout).toMatch(/^\d+ jobs are deleted\n$/);
    expect(await statuses('--metadata', 'team=word')).toEqual([]);
    expect(await statuses('--status', 'RUNNING')).toEqual(['blocker RUNNING']);
  });
});

describe('on a terminal', () => {
  const start = (ctx: TestContext, ...args: string[]): RunningDrover =>
    startOnTerminal(ctx, args, { address: server.url, keys: true });

  it('the number of jobs is shown and confirmed', async (ctx) => {
    await submitTeam('asked', 2);
    for (const [answer, code] of [
      ['', 1],
      ['no', 1],
      ['y', 0],
    ] as const) {
      const stopping = start(ctx, 'stop', '--metadata', 'team=asked');
      await stopping.shows('stdout', 'stop 2 jobs? [y/N] ');
      stopping.child.stdin?.end(`${answer}\n`);
      const outcome = await stopping.outcome;
      expect(outcome.code).toBe(code);
      expect(outcome.stdout).toContain(code === 0 ? '2 jobs are being stopped' : 'drover: nothing was done');
    }
    for (const id of ['asked-1', 'asked-2']) await ended(server.url, id);
  });

  it('the end of the input means no', async (ctx) => {
    await submitTeam('silent', 2);
    const stopping = start(ctx, 'stop', '--metadata', 'team=silent');
    await stopping.shows('stdout', 'stop 2 jobs? [y/N] ');
    stopping.child.stdin?.end();
    expect((await stopping.outcome).code).toBe(1);
    expect(await statuses('--metadata', 'team=silent')).toEqual(['silent-2 PENDING', 'silent-1 PENDING']);
  });

  it('one job, or --yes, is not asked about', async (ctx) => {
    await submitTeam('single', 1);
    expect((await start(ctx, 'stop', '--metadata', 'team=single').outcome).stdout).toBe('1 job is being stopped\r\n');
    await submitTeam('sure', 2);
    expect((await start(ctx, 'stop', '--metadata', 'team=sure', '-y').outcome).stdout).toBe(
      '2 jobs are being stopped\r\n',
    );
    const none = await start(ctx, 'stop', '--metadata', 'team=nobody').outcome;
    expect({ code: none.code, stdout: none.stdout }).toEqual({ code: 0, stdout: 'drover: no job matches\r\n' });
  });
});

describe('stop --wait', () => {
  it('waits for the drivers that filters chose, with the grace that is given', async () => {
    const { code, stdout } = await run('stop', '--status', 'RUNNING', '--wait', '--grace', '1s');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^1 job is being stopped\nblocker STOPPED after /);
    expect(await statuses('--search', 'blocker')).toEqual(['blocker STOPPED']);
  });
});
