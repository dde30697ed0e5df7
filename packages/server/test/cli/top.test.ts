import { readFileSync } from 'node:fs';
import { describe, expect, it, type TestContext } from 'vitest';
import { type HttpServer, sendJson, sendProblem, startHttpServer } from '../../../client/test/fixture/http-server.ts';
import { makeJob } from '../../../client/test/fixture/job.ts';
import { makeQueue, makeTenant } from '../../../client/test/fixture/queue.ts';
import { type RunningDrover, runDrover } from './fixture/run-drover.ts';
import { startOnTerminal } from './fixture/terminal.ts';

const COUNTS = { PENDING: 1, RUNNING: 1, SUCCEEDED: 2, FAILED: 3, STOPPED: 4 };
const QUEUES = [makeQueue({ name: 'default' }), makeQueue({ name: 'train', state: 'paused' })];
const TENANTS = [makeTenant({ name: 'blue' })];
const RUNNING = makeJob({ id: 'runs', status: 'RUNNING', started_at: '2026-01-02T03:04:05.000Z' });
const WAITING = makeJob({
  id: 'waits',
  queue: 'train',
  pending_reason: {
    code: 'QUEUE_PAUSED',
    message: 'queue train is paused; 1st in queue train',
    jobs_ahead: 0,
    lack: null,
  },
});

interface Answer {
  /** What everything is refused with. */
  refusal?: { status: number; code: string } | null;
  failed?: number;
}

/** A server with one job that runs and one that waits; the test may change what it answers. */
function startTopApi(answer: Answer = {}): Promise<HttpServer> {
  return startHttpServer((_, response, url) => {
    const { refusal, failed = COUNTS.FAILED } = answer;
    if (refusal) return sendProblem(response, refusal.status, { code: refusal.code, detail: 'not now' });
    const path = url.pathname.replace('/api/v1/', '');
    if (path === 'counts') return sendJson(response, { jobs: { ...COUNTS, FAILED: failed } });
    if (path === 'queues') return sendJson(response, { queues: QUEUES });
    if (path === 'tenants') return sendJson(response, { tenants: TENANTS });
    const job = url.searchParams.get('status') === 'RUNNING' ? RUNNING : WAITING;
    sendJson(response, { jobs: [job], next_cursor: null });
  });
}

const NO_TOKEN = { status: 401, code: 'UNAUTHENTICATED' };

const ONE_PICTURE = [
  'GET /api/v1/counts',
  'GET /api/v1/jobs?status=PENDING&limit=100',
  'GET /api/v1/jobs?status=RUNNING&limit=100',
  'GET /api/v1/queues',
  'GET /api/v1/tenants',
];

describe('top', () => {
  it.each([[['top']], [['top', '--once']]])('%j writes one picture where there is no terminal', async (args) => {
    const api = await startTopApi();
    const { code, stdout, stderr } = await runDrover(args, { address: api.address });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      new RegExp(`^drover at ${api.address}, .*\nRUNNING 1  PENDING 1  SUCCEEDED 2  FAILED 3  STOPPED 4\n\nQUEUE`),
    );
    expect(stdout).toMatch(/^waits +train +queue train is paused; 1st in queue train$/m);
    expect(stdout).not.toContain('\x1b');
    expect(api.requests.sort()).toEqual(ONE_PICTURE);
  });

  it('--json writes the same as one object', async () => {
    const api = await startTopApi();
    const { stdout } = await runDrover(['top', '--once', '--json'], { address: api.address });
    expect(JSON.parse(stdout)).toEqual({
      taken_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      ...{ jobs: COUNTS, queues: QUEUES, tenants: TENANTS, running: [RUNNING], waiting: [WAITING] },
    });
  });

  it('is an error like elsewhere where the server says no', async () => {
    const api = await startTopApi({ refusal: NO_TOKEN });
    const { code, stdout } = await runDrover(['top'], { address: api.address });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});

const ENTER = '\x1b[?1049h';
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l';

/** Where keys can be typed; without colours, which would stand between the words. */
function startTop(ctx: TestContext, address: string): RunningDrover {
  return startOnTerminal(ctx, ['top'], { address, keys: true, env: { NO_COLOR: '1' } });
}

describe('top on a terminal', () => {
  it('shows one picture after another, each for five requests, until q', async (ctx) => {
    const answer: Answer = {};
    const api = await startTopApi(answer);
    const run = startTop(ctx, api.address);
    await run.shows('stdout', 'FAILED 3');
    answer.failed = 4;
    await run.shows('stdout', 'FAILED 4');
    expect(api.requests.slice(0, 5).sort()).toEqual(ONE_PICTURE);
    expect(api.requests.slice(5, 10).sort()).toEqual(ONE_PICTURE);
    run.child.stdin?.write('q');
    const { code, stdout } = await run.outcome;
    expect(code).toBe(0);
    expect(stdout.startsWith(ENTER)).toBe(true);
    expect(stdout.endsWith(LEAVE)).toBe(true);
    const pictures = stdout.split('\x1b[H').slice(1);
    expect(pictures.length).toBeGreaterThanOrEqual(2);
    expect(api.requests.length).toBeLessThanOrEqual(5 * (pictures.length + 1));
    for (const picture of pictures) expect(picture).toMatch(/drover at .*\(q leaves\)[\s\S]*runs[\s\S]*waits/);
  });

  it('leaves the terminal as it was on Ctrl-C, as on q', async (ctx) => {
    const api = await startTopApi();
    const run = startTop(ctx, api.address);
    await run.shows('stdout', 'waits');
    run.child.stdin?.write('x\x03');
    const { code, stdout } = await run.outcome;
    expect(code).toBe(0);
    expect(stdout.endsWith(LEAVE)).toBe(true);
  });

  it('goes on where there is no shell to go to on Ctrl-Z', async (ctx) => {
    const api = await startTopApi();
    const run = startTop(ctx, api.address);
    await run.shows('stdout', 'waits');
    run.child.stdin?.write('\x1a');
    await run.shows('stdout', `${LEAVE}${ENTER}`);
    run.child.stdin?.write('q');
    const { code, stdout } = await run.outcome;
    expect(code).toBe(0);
    expect(stdout.split(ENTER)[2]).toMatch(/drover at [\s\S]*waits/);
  });

  it('leaves it so where a signal ends it', async (ctx) => {
    const api = await startTopApi();
    const run = startTop(ctx, api.address);
    await run.shows('stdout', 'waits');
    const { pid = 0 } = run.child;
    process.kill(Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')), 'SIGTERM');
    const { code, stdout } = await run.outcome;
    expect(code).toBe(143);
    expect(stdout).toContain(LEAVE);
    expect(stdout.split(ENTER)).toHaveLength(2);
  });

  it('waits for a server that goes away, and goes on with it', async (ctx) => {
    const answer: Answer = {};
    const api = await startTopApi(answer);
    const run = startTop(ctx, api.address);
    await run.shows('stdout', 'waits');
    answer.refusal = { status: 503, code: 'SHUTTING_DOWN' };
    await run.shows('stdout', 'not now; trying again (q leaves)');
    Object.assign(answer, { refusal: null, failed: 4 });
    await run.shows('stdout', 'FAILED 4');
    run.child.stdin?.write('q');
    const { code, stdout } = await run.outcome;
    expect(code).toBe(0);
    const pictures = stdout.split('\x1b[H');
    expect(pictures.at(-1)).not.toContain('trying again');
    for (const picture of pictures.slice(1)) expect(picture).toContain('waits');
  });

  it('ends with the error where there is no use in asking again', async (ctx) => {
    const answer: Answer = {};
    const api = await startTopApi(answer);
    const run = startTop(ctx, api.address);
    await run.shows('stdout', 'waits');
    answer.refusal = NO_TOKEN;
    const { code, stdout } = await run.outcome;
    expect(code).toBe(1);
    expect(stdout.split(LEAVE)[1]).toMatch(/^drover: not now\r\n {2}give the server's token with /);
  });

  it('--once leaves the picture where the next prompt comes', async (ctx) => {
    const api = await startTopApi();
    const { code, stdout } = await startOnTerminal(ctx, ['top', '--once'], { address: api.address }).outcome;
    expect(code).toBe(0);
    expect(stdout).not.toContain('\x1b[?');
    expect(stdout).toMatch(/runs[\s\S]*waits.*\r\n$/);
  });
});
