import { expect, it } from 'vitest';
import { startAnswering } from './fixture/answering.ts';
import { makeWebhook } from './fixture/webhook.ts';

const WEBHOOK = makeWebhook({ id: 'wh_1', events: ['job.ended'] });

it('webhooks are listed and shown, with fields that are new', async () => {
  const list = await startAnswering({ webhooks: [{ ...WEBHOOK, invented_later: 1 }] });
  expect(await list.client.webhooks.list()).toEqual([{ ...WEBHOOK, invented_later: 1 }]);
  const one = await startAnswering(WEBHOOK);
  expect(await one.client.webhooks.get('wh_1')).toEqual(WEBHOOK);
  expect([...list.requests, ...one.requests]).toEqual(['GET /api/v1/webhooks', 'GET /api/v1/webhooks/wh_1']);
});

it('what is created, or given a new secret, shows it', async () => {
  const { client, requests, bodies } = await startAnswering({ ...WEBHOOK, secret: 'whsec_x' });
  expect(await client.webhooks.create({ url: WEBHOOK.url, events: ['job.ended'] })).toEqual({
    ...WEBHOOK,
    secret: 'whsec_x',
  });
  expect((await client.webhooks.change('wh_1', { rotate_secret: true, previous_secret_seconds: 0 })).secret).toBe(
    'whsec_x',
  );
  expect(requests).toEqual(['POST /api/v1/webhooks', 'PATCH /api/v1/webhooks/wh_1']);
  expect(bodies).toEqual([
    { url: WEBHOOK.url, events: ['job.ended'] },
    { rotate_secret: true, previous_secret_seconds: 0 },
  ]);
});

it('a change sends what was given and nothing else; a deletion nothing', async () => {
  const { client, requests, bodies } = await startAnswering(WEBHOOK);
  expect(await client.webhooks.change('wh_1', { tenant: null, enabled: false })).toEqual(WEBHOOK);
  expect(await client.webhooks.delete('wh_1')).toBeUndefined();
  expect(requests).toEqual(['PATCH /api/v1/webhooks/wh_1', 'DELETE /api/v1/webhooks/wh_1']);
  expect(bodies).toEqual([{ tenant: null, enabled: false }, null]);
});

it('a test and the deliveries are answered as they are', async () => {
  const attempt = { at: '2026-01-02T03:04:05.000Z', duration_seconds: 0.1, status: 204, problem: null };
  const tested = await startAnswering({ delivered: true, ...attempt, answer: '' });
  expect(await tested.client.webhooks.test('wh_1')).toEqual({ delivered: true, ...attempt, answer: '' });
  const asked = await startAnswering({ waiting: [], finished: [] });
  expect(await asked.client.webhooks.deliveries('wh_1', { limit: 5 })).toEqual({ waiting: [], finished: [] });
  await asked.client.webhooks.deliveries('wh_1');
  expect([...tested.requests, ...asked.requests]).toEqual([
    'POST /api/v1/webhooks/wh_1/test',
    'GET /api/v1/webhooks/wh_1/deliveries?limit=5',
    'GET /api/v1/webhooks/wh_1/deliveries',
  ]);
});

it('ids reach no other route, and strangers are found out', async () => {
  const { client, requests } = await startAnswering({});
  for (const id of ['', '.', '..']) {
    await expect(client.webhooks.delete(id)).rejects.toMatchObject({ code: 'WEBHOOK_NOT_FOUND', status: 404 });
  }
  expect(requests).toEqual([]);
  for (const call of ['get', 'test', 'deliveries'] as const) {
    await expect(client.webhooks[call]('a')).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
  }
  await expect(client.webhooks.list()).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
  await expect(client.webhooks.create({ url: 'https://a.test/' })).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
});
