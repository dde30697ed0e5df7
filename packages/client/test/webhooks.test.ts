import { createClient } from '@drover/client';
import { expect, it } from 'vitest';
import { sendJson, startHttpServer } from './fixture/http-server.ts';
import { makeWebhook } from './fixture/webhook.ts';

/** A server that answers every request with the value, and keeps the bodies that were sent. */
async function startAnswering(value: unknown) {
  const bodies: unknown[] = [];
  const server = await startHttpServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    bodies.push(text === '' ? null : JSON.parse(text));
    if (request.method === 'DELETE') response.writeHead(204).end();
    else sendJson(response, value);
  });
  return { requests: server.requests, bodies, webhooks: createClient({ address: server.address }).webhooks };
}

const WEBHOOK = makeWebhook({ id: 'wh_1', events: ['job.ended'] });

it('webhooks are listed and shown, with fields that are new', async () => {
  const list = await startAnswering({ webhooks: [{ ...WEBHOOK, invented_later: 1 }] });
  expect(await list.webhooks.list()).toEqual([{ ...WEBHOOK, invented_later: 1 }]);
  const one = await startAnswering(WEBHOOK);
  expect(await one.webhooks.get('wh_1')).toEqual(WEBHOOK);
  expect([...list.requests, ...one.requests]).toEqual(['GET /api/v1/webhooks', 'GET /api/v1/webhooks/wh_1']);
});

it('what is created, or given a new secret, shows it', async () => {
  const { webhooks, requests, bodies } = await startAnswering({ ...WEBHOOK, secret: 'whsec_x' });
  expect(await webhooks.create({ url: WEBHOOK.url, events: ['job.ended'] })).toEqual({ ...WEBHOOK, secret: 'whsec_x' });
  expect((await webhooks.change('wh_1', { rotate_secret: true, previous_secret_seconds: 0 })).secret).toBe('whsec_x');
  expect(requests).toEqual(['POST /api/v1/webhooks', 'PATCH /api/v1/webhooks/wh_1']);
  expect(bodies).toEqual([
    { url: WEBHOOK.url, events: ['job.ended'] },
    { rotate_secret: true, previous_secret_seconds: 0 },
  ]);
});

it('a change sends what was given and nothing else; a deletion nothing', async () => {
  const { webhooks, requests, bodies } = await startAnswering(WEBHOOK);
  expect(await webhooks.change('wh_1', { tenant: null, enabled: false })).toEqual(WEBHOOK);
  expect(await webhooks.delete('wh_1')).toBeUndefined();
  expect(requests).toEqual(['PATCH /api/v1/webhooks/wh_1', 'DELETE /api/v1/webhooks/wh_1']);
  expect(bodies).toEqual([{ tenant: null, enabled: false }, null]);
});

it('a test and the deliveries are answered as they are', async () => {
  const attempt = { at: '2026-01-02T03:04:05.000Z', duration_seconds: 0.1, status: 204, problem: null };
  const tested = await startAnswering({ delivered: true, ...attempt, answer: '' });
  expect(await tested.webhooks.test('wh_1')).toEqual({ delivered: true, ...attempt, answer: '' });
  const asked = await startAnswering({ waiting: [], finished: [] });
  expect(await asked.webhooks.deliveries('wh_1', { limit: 5 })).toEqual({ waiting: [], finished: [] });
  await asked.webhooks.deliveries('wh_1');
  expect([...tested.requests, ...asked.requests]).toEqual([
    'POST /api/v1/webhooks/wh_1/test',
    'GET /api/v1/webhooks/wh_1/deliveries?limit=5',
    'GET /api/v1/webhooks/wh_1/deliveries',
  ]);
});

it('ids reach no other route, and strangers are found out', async () => {
  const { webhooks, requests } = await startAnswering({});
  for (const id of ['', '.', '..']) {
    await expect(webhooks.delete(id)).rejects.toMatchObject({ code: 'WEBHOOK_NOT_FOUND', status: 404 });
  }
  expect(requests).toEqual([]);
  for (const call of ['get', 'test', 'deliveries'] as const) {
    await expect(webhooks[call]('a')).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
  }
  await expect(webhooks.list()).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
  await expect(webhooks.create({ url: 'https://a.test/' })).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
});
