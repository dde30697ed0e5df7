import { describe, expect, it } from 'vitest';
import { type HttpServer, sendJson, sendProblem, startHttpServer } from '../../../client/test/fixture/http-server.ts';
import { makeWebhook } from '../../../client/test/fixture/webhook.ts';
import { runDrover } from './fixture/run-drover.ts';

const STANDING = makeWebhook({ id: '' }).deliveries;
const PAGER = makeWebhook({
  id: 'wh_pager',
  ...{ description: 'the pager', events: ['job.ended'], statuses: ['FAILED'], queue: 'train', metadata: { team: 'x' } },
  deliveries: { ...STANDING, waiting: 12, waiting_bytes: 20_480, delivered: 7, dropped: 1 },
});
const GONE = makeWebhook({ id: 'wh_gone', enabled: false, disabled_reason: 'the receiver answered 410' });
const ATTEMPT = { at: '2026-01-02T03:04:05.000Z', duration_seconds: 0.1, status: 204, problem: null };
const EVENT = { message_id: 'msg_1', event_id: 1, job_id: 'job-1', at: '2026-01-02T03:04:05.000Z' };
const DELIVERIES = {
  waiting: [
    {
      ...{ ...EVENT, type: 'job.started', attempts: 2, next_attempt_at: '2026-01-02T03:04:06.000Z' },
      last_attempt: { ...ATTEMPT, status: 503, problem: 'answered 503' },
    },
    { ...EVENT, type: 'job.ended', attempts: 0, next_attempt_at: null, last_attempt: null },
  ],
  finished: [
    { ...EVENT, type: 'job.handed_over', attempts: 1, delivered: true, last_attempt: ATTEMPT },
    {
      ...{ ...EVENT, type: 'job.submitted', attempts: 10, delivered: false },
      last_attempt: { ...ATTEMPT, status: null, problem: 'no answer within 15 s' },
    },
  ],
};

/** A server with the webhooks `wh_pager` and `wh_gone`; the bodies of what is sent to it. */
async function startWebhookApi(test: object = { delivered: true, ...ATTEMPT, answer: '' }) {
  const bodies: unknown[] = [];
  const server: HttpServer = await startHttpServer(async (request, response, url) => {
    const body = Buffer.concat(await request.toArray()).toString();
    if (body !== '') bodies.push(JSON.parse(body));
    const [, id, action] = url.pathname.replace('/api/v1/', '').split('/');
    if (id !== undefined && !['wh_pager', 'wh_gone'].includes(id)) {
      return sendProblem(response, 404, { code: 'WEBHOOK_NOT_FOUND', detail: `no webhook has the id '${id}'` });
    }
    if (request.method === 'DELETE') return void response.writeHead(204).end();
    if (action === 'test') return sendJson(response, test);
    if (action === 'deliveries') return sendJson(response, DELIVERIES);
    if (request.method === 'POST' || body.includes('rotate_secret')) {
      return sendJson(response, { ...PAGER, secret: 'whsec_c2VjcmV0' });
    }
    sendJson(response, id === undefined ? { webhooks: [PAGER, GONE] } : PAGER);
  });
  return { address: server.address, requests: server.requests, bodies };
}

const lines = (...texts: string[]) => [...texts, ''].join('\n');

describe('webhook', () => {
  it('list shows how it stands with each', async () => {
    const { address } = await startWebhookApi();
    expect(await runDrover(['webhook', 'list'], { address })).toMatchObject({
      ...{ code: 0, stderr: '' },
      stdout: lines(
        'WEBHOOK   STATE     WAITING  DELIVERED  DROPPED  EVENTS           URL',
        'wh_pager  active    12       7          1        ended as FAILED  https://hooks.test/drover',
        'wh_gone   disabled  0        0          0        all              https://hooks.test/drover',
      ),
    });
    const none = await startHttpServer((_, response) => sendJson(response, { webhooks: [] }));
    expect(await runDrover(['webhook', 'list'], { address: none.address })).toMatchObject({
      ...{ code: 0, stdout: '', stderr: 'drover: no webhooks\n' },
    });
  });

  it('show tells all of one', async () => {
    const { address } = await startWebhookApi();
    const { stdout } = await runDrover(['webhook', 'show', 'wh_pager'], { address, env: { TZ: 'UTC' } });
    expect(stdout).toBe(
      lines(
        'webhook      wh_pager',
        'url          https://hooks.test/drover',
        'description  the pager',
        'state        active',
        'events       ended as FAILED',
        'queue        train',
        'metadata     team=x',
        'waiting      12 (20KiB)',
        'delivered    7',
        'dropped      1',
        'created      2026-01-02 03:04:05',
      ),
    );
  });

  it('create sends what was named, and shows the secret', async () => {
    const { address, bodies } = await startWebhookApi();
    const filters = ['--event', 'submitted,ended', '--event', 'started', '--tenant', 'blue', '--queue', 'train'];
    const more = ['--status', 'failed', '--metadata', 'team=x', '--metadata', 'a=b', '--description', 'the pager'];
    const url = 'https://hooks.test/drover';
    const { code, stdout, stderr } = await runDrover(['webhook', 'create', url, ...filters, ...more], { address });
    expect(code).toBe(0);
    expect(stdout).toContain('\nsecret       whsec_c2VjcmV0\n');
    expect(stderr).toBe('drover: keep the secret: it is not shown again\n');
    await runDrover(['webhook', 'create', url], { address });
    expect(bodies).toEqual([
      {
        ...{ url, description: 'the pager', events: ['submitted', 'ended', 'started'], tenant: 'blue', queue: 'train' },
        ...{ statuses: ['FAILED'], metadata: { team: 'x', a: 'b' } },
      },
      { url },
    ]);
  });

  it('set changes what was named, and none takes a filter away', async () => {
    const { address, bodies, requests } = await startWebhookApi();
    const none = ['--event', 'none', '--status', 'none', '--tenant', 'none', '--queue', 'none', '--metadata', 'none'];
    for (const args of [none, ['--disable'], ['--enable', '--url', 'https://b.test/']]) {
      const { code, stdout, stderr } = await runDrover(['webhook', 'set', 'wh_pager', ...args], { address });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toContain('secret');
    }
    const rotated = await runDrover(['webhook', 'set', 'wh_pager', '--rotate-secret'], { address });
    expect(rotated.stdout).toContain('whsec_c2VjcmV0');
    await runDrover(['webhook', 'set', 'wh_pager', '--rotate-secret', '--keep-previous', '90m'], { address });
    expect(bodies).toEqual([
      { events: null, statuses: null, tenant: null, queue: null, metadata: {} },
      { enabled: false },
      { enabled: true, url: 'https://b.test/' },
      { rotate_secret: true },
      { rotate_secret: true, previous_secret_seconds: 5_400 },
    ]);
    expect(new Set(requests)).toEqual(new Set(['PATCH /api/v1/webhooks/wh_pager']));
  });

  it.each([
    [[], 'nothing is named that is to change'],
    [['--keep-previous', '1h'], '--keep-previous needs --rotate-secret'],
    [['--enable', '--disable'], "option '--disable' cannot be used with option '--enable'"],
  ])('set refuses %j', async (args, message) => {
    const { address, requests } = await startWebhookApi();
    const { code, stderr } = await runDrover(['webhook', 'set', 'wh_pager', ...args], { address });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
    expect(requests).toEqual([]);
  });

  it('test says what came back, and exits with it', async () => {
    const taken = await startWebhookApi({ delivered: true, ...ATTEMPT, answer: '' });
    expect(await runDrover(['webhook', 'test', 'wh_pager'], { address: taken.address })).toMatchObject({
      ...{ code: 0, stdout: 'delivered: answered 204 in 0.1s\n' },
    });
    const answer = { delivered: false, ...ATTEMPT, status: 500, problem: 'answered 500', answer: 'a\nb \x1b[31m\n' };
    const refused = await startWebhookApi(answer);
    expect(await runDrover(['webhook', 'test', 'wh_pager'], { address: refused.address })).toMatchObject({
      ...{ code: 1, stdout: 'not delivered: answered 500 in 0.1s\n  a\n  b \\x1b[31m\n' },
    });
  });

  it('deliveries shows what was delivered and what waits, in the order of the events', async () => {
    const { address, requests } = await startWebhookApi();
    const args = ['webhook', 'deliveries', 'wh_pager', '--limit', '5'];
    const { stdout } = await runDrover(args, { address, env: { TZ: 'UTC' } });
    expect(stdout).toBe(
      lines(
        'TIME                 JOB    EVENT        TRIES  WHAT BECAME OF IT',
        '2026-01-02 03:04:05  job-1  submitted    10     given up: no answer within 15 s in 0.1s',
        '2026-01-02 03:04:05  job-1  handed_over  1      delivered: answered 204 in 0.1s',
        '2026-01-02 03:04:05  job-1  started      2      answered 503; tried again as soon as the receiver may be asked',
        '2026-01-02 03:04:05  job-1  ended        0      waits for an earlier event of the job',
      ),
    );
    expect(requests).toEqual(['GET /api/v1/webhooks/wh_pager/deliveries?limit=5']);
  });

  it('delete says so, and goes on after one that is not there', async () => {
    const { address, requests } = await startWebhookApi();
    expect(await runDrover(['webhook', 'delete', 'nope', 'wh_gone'], { address })).toMatchObject({
      code: 1,
      stdout: 'webhook wh_gone is deleted\n',
      stderr: "drover: no webhook has the id 'nope' (WEBHOOK_NOT_FOUND)\n",
    });
    expect(requests).toEqual(['DELETE /api/v1/webhooks/nope', 'DELETE /api/v1/webhooks/wh_gone']);
  });

  it.each([
    [
      ['webhook', 'list', '--json'],
      [PAGER, GONE],
    ],
    [['webhook', '--json', 'show', 'wh_pager'], [PAGER]],
    [['--json', 'webhook', 'create', 'https://a.test/'], [{ ...PAGER, secret: 'whsec_c2VjcmV0' }]],
    [['webhook', 'set', 'wh_pager', '--enable', '--json'], [PAGER]],
    [['webhook', 'test', 'wh_pager', '--json'], [{ delivered: true, ...ATTEMPT, answer: '' }]],
    [['webhook', 'deliveries', 'wh_pager', '--json'], [DELIVERIES]],
    [['webhook', 'delete', 'wh_gone', '--json'], [{ id: 'wh_gone', deleted: true }]],
  ])("%j writes the API's own objects", async (args, expected) => {
    const { address } = await startWebhookApi();
    const { code, stdout } = await runDrover(args, { address });
    expect(code).toBe(0);
    const written = stdout.trim().split('\n');
    expect(written.map((line) => JSON.parse(line))).toEqual(expected);
  });
});
