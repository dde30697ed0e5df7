import { describe, expect, it } from 'vitest';
import { type HttpServer, sendJson, sendProblem, startHttpServer } from '../../../client/test/fixture/http-server.ts';
import { makeQueue, makeTenant, NO_LIMITS } from '../../../client/test/fixture/queue.ts';
import { runDrover } from './fixture/run-drover.ts';

const TRAIN = makeQueue({
  name: 'train',
  priority: 5,
  state: 'paused',
  limits: { ...NO_LIMITS, running: 3, memory_bytes: 64 * 2 ** 30 },
  use: { waiting: 12, running: 1, cpus: 1.5, gpus: 2, memory_bytes: 2 ** 30 },
});
const BLUE = makeTenant({
  name: 'blue',
  weight: 2,
  quota: { ...NO_LIMITS, gpus: 4 },
  default_queue: 'train',
  use: { waiting: 0, running: 1, cpus: 1.5, gpus: 2, memory_bytes: 0 },
  share: { now: 0.25, average: 0.0312 },
});

/** A server with the queue `train` and the tenant `blue`; the bodies of what is sent to it. */
async function startQueueApi(): Promise<HttpServer & { bodies: string[] }> {
  const bodies: string[] = [];
  const server = await startHttpServer(async (request, response, url) => {
    const body = Buffer.concat(await request.toArray()).toString();
    if (body !== '') bodies.push(body);
    const [collection, name] = url.pathname.replace('/api/v1/', '').split('/');
    if (name !== undefined && !['train', 'blue'].includes(name)) {
      return sendProblem(response, 404, { code: 'QUEUE_NOT_FOUND', detail: `no queue has the name '${name}'` });
    }
    if (request.method === 'DELETE') return void response.writeHead(204).end();
    if (collection === 'tenants') return sendJson(response, name === undefined ? { tenants: [BLUE] } : BLUE);
    const isList = name === undefined && request.method === 'GET';
    sendJson(response, isList ? { queues: [makeQueue({ name: 'default' }), TRAIN] } : TRAIN);
  });
  return Object.assign(server, { bodies });
}

describe('queue', () => {
  it('list shows what is held of what may be held', async () => {
    const { address } = await startQueueApi();
    expect(await runDrover(['queue', 'list'], { address })).toMatchObject({
      code: 0,
      stderr: '',
      stdout: [
        'QUEUE    PRIORITY  STATE   WAITING  RUNNING  CPUS  GPUS  MEMORY',
        'default  0         active  0        0        0     0     0',
        'train    5         paused  12       1/3      1.5   2     1GiB/64GiB',
        '',
      ].join('\n'),
    });
  });

  it('show tells the same of one, with what its state means', async () => {
    const { address } = await startQueueApi();
    expect((await runDrover(['queue', 'show', 'train'], { address })).stdout).toBe(
      [
        'queue     train',
        'state     paused: it takes jobs and starts none',
        'priority  5',
        'waiting   12',
        'running   1 (at most 3)',
        'cpus      1.5',
        'gpus      2',
        'memory    1GiB (at most 64GiB)',
        '',
      ].join('\n'),
    );
  });

  it('create and set send what jobs get that do not say it, and show tells it', async () => {
    const queue = makeQueue({
      name: 'train',
      defaults: {
        max_retries: 3,
        ...{ time_limit_seconds: 7200, queue_time_limit_seconds: 86_400, setup_time_limit_seconds: 300 },
        ttl_seconds_after_finished: 0,
      },
      max_time_limit_seconds: 14_400,
    });
    const bodies: unknown[] = [];
    const { address } = await startHttpServer(async (request, response) => {
      bodies.push(JSON.parse(Buffer.concat(await request.toArray()).toString()));
      sendJson(response, queue);
    });
    const limits = ['--time-limit', '2h', '--queue-time-limit', '1d', '--setup-time-limit', '5m', '--ttl', '0'];
    const args = ['queue', 'create', 'train', '--max-retries', '3', ...limits, '--max-time-limit', '4h'];
    const { stdout } = await runDrover(args, { address });
    expect(stdout).toContain(
      [
        'max retries       3',
        'time limit        2h 0m',
        'queue time limit  1d 0h',
        'setup time limit  5m 0s',
        'ttl               0.0s',
        'max time limit    4h 0m',
        '',
      ].join('\n'),
    );
    await runDrover(['queue', 'set', 'train', '--max-retries', 'none', '--ttl', 'none'], { address });
    await runDrover(['queue', 'set', 'train', '--max-time-limit', 'none'], { address });
    expect(bodies).toEqual([
      {
        name: 'train',
        defaults: queue.defaults,
        max_time_limit_seconds: 14_400,
      },
      { defaults: { max_retries: null, ttl_seconds_after_finished: null } },
      { max_time_limit_seconds: null },
    ]);
  });

  it('create and set send what was named, and null for a limit that is none', async () => {
    const { address, bodies, requests } = await startQueueApi();
    const limits = ['--max-running', '3', '--cpus', '1.5', '--gpus', 'none', '--memory', '64GiB'];
    expect((await runDrover(['queue', 'create', 'train', '--priority', '-5', ...limits], { address })).code).toBe(0);
    await runDrover(['queue', 'create', 'train'], { address });
    await runDrover(['queue', 'set', 'train', '--memory', 'none'], { address });
    await runDrover(['queue', 'set', 'train', '--engine', 'hpc', '--engine-option', 'qos=high'], { address });
    await runDrover(['queue', 'set', 'train', '--engine', 'none', '--engine-option', 'none'], { address });
    const { stdout } = await runDrover(['queue', 'set', 'train', '--priority', '0'], { address });
    expect(stdout).toMatch(/^queue +train\n/);
    expect(bodies.map((body) => JSON.parse(body))).toEqual([
      { name: 'train', priority: -5, limits: { running: 3, cpus: 1.5, gpus: null, memory_bytes: 64 * 2 ** 30 } },
      { name: 'train' },
      { limits: { memory_bytes: null } },
      { engine: 'hpc', engine_options: { qos: 'high' } },
      { engine: null, engine_options: {} },
      { priority: 0 },
    ]);
    expect(requests.slice(2)).toEqual(Array(4).fill('PATCH /api/v1/queues/train'));
  });

  it.each(['pause', 'resume', 'drain'])(
    '%s says how the queue stands, and goes on after one that is not there',
    async (action) => {
      const { address, requests } = await startQueueApi();
      const { code, stdout, stderr } = await runDrover(['queue', action, 'nope', 'train'], { address });
      expect({ code, stdout, stderr }).toEqual({
        code: 1,
        stdout: 'queue train is paused: it takes jobs and starts none (12 wait, 1 runs)\n',
        stderr: "drover: no queue has the name 'nope' (QUEUE_NOT_FOUND)\n",
      });
      expect(requests).toEqual([`POST /api/v1/queues/nope/${action}`, `POST /api/v1/queues/train/${action}`]);
    },
  );

  it('delete says so', async () => {
    const { address, requests } = await startQueueApi();
    expect(await runDrover(['queue', 'delete', 'train'], { address })).toMatchObject({
      code: 0,
      stdout: 'queue train is deleted\n',
    });
    expect(requests).toEqual(['DELETE /api/v1/queues/train']);
  });
});

describe('tenant', () => {
  it('list and show tell weights, shares and what is held of the quota', async () => {
    const { address } = await startQueueApi();
    expect((await runDrover(['tenant', 'list'], { address })).stdout).toBe(
      [
        'TENANT  WEIGHT  SHARE  LATELY  QUEUE  WAITING  RUNNING  CPUS  GPUS  MEMORY',
        'blue    2       25%    3.1%    train  0        1        1.5   2/4   0',
        '',
      ].join('\n'),
    );
    expect((await runDrover(['tenant', 'show', 'blue'], { address })).stdout).toBe(
      [
        'tenant         blue',
        'weight         2',
        'default queue  train',
        'share          25% now, 3.1% lately',
        'waiting        0',
        'running        1',
        'cpus           1.5',
        'gpus           2 (at most 4)',
        'memory         0',
        '',
      ].join('\n'),
    );
  });

  it('set sends what was named, reset forgets it', async () => {
    const { address, bodies, requests } = await startQueueApi();
    const args = ['--weight', '0.5', '--gpus', '4', '--max-running', 'none', '--default-queue', 'train'];
    expect((await runDrover(['tenant', 'set', 'blue', ...args], { address })).stdout).toMatch(/^tenant +blue\n/);
    expect(bodies.map((body) => JSON.parse(body))).toEqual([
      { weight: 0.5, quota: { running: null, gpus: 4 }, default_queue: 'train' },
    ]);
    expect(await runDrover(['tenant', 'reset', 'blue'], { address })).toMatchObject({
      code: 0,
      stdout: 'nothing is set any more about tenant blue\n',
    });
    expect(requests).toEqual(['PATCH /api/v1/tenants/blue', 'DELETE /api/v1/tenants/blue']);
  });

  it('list says so where there is none', async () => {
    const { address } = await startHttpServer((_, response) => sendJson(response, { tenants: [] }));
    expect(await runDrover(['tenant', 'list'], { address })).toMatchObject({
      ...{ code: 0, stdout: '', stderr: 'drover: no tenant has rules or jobs\n' },
    });
  });
});

describe('--json', () => {
  it.each([
    [
      ['queue', 'list', '--json'],
      [makeQueue({ name: 'default' }), TRAIN],
    ],
    [['queue', '--json', 'show', 'train'], [TRAIN]],
    [['--json', 'queue', 'create', 'train'], [TRAIN]],
    [['queue', 'set', 'train', '--priority', '5', '--json'], [TRAIN]],
    [
      ['queue', 'pause', 'train', 'train', '--json'],
      [TRAIN, TRAIN],
    ],
    [['queue', 'delete', 'train', '--json'], [{ name: 'train', deleted: true }]],
    [['tenant', 'list', '--json'], [BLUE]],
    [['tenant', 'show', 'blue', '--json'], [BLUE]],
    [['tenant', 'set', 'blue', '--weight', '2', '--json'], [BLUE]],
    [['tenant', 'reset', 'blue', '--json'], [{ name: 'blue', reset: true }]],
  ])("%j writes the API's own objects", async (args, expected) => {
    const { address } = await startQueueApi();
    const { code, stdout } = await runDrover(args, { address });
    expect(code).toBe(0);
    const written = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(written).toEqual(expected);
  });

  it('writes errors as JSON too, wherever it stands', async () => {
    const { address } = await startQueueApi();
    const { code, stderr } = await runDrover(['queue', '--json', 'show', 'nope'], { address });
    expect({ code, error: JSON.parse(stderr) }).toMatchObject({ code: 1, error: { code: 'QUEUE_NOT_FOUND' } });
  });
});
