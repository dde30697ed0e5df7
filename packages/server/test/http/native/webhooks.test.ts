import { describe, expect, it } from 'vitest';
import { ended, FAILURE, sampleJob } from '../../store/sample-jobs.ts';
import { openScene } from '../../webhooks/opening.ts';
import { accept, answer, isSigned, startReceiver } from '../../webhooks/receiver.ts';
import { postJson, startServer } from '../harness.ts';

/** A server over real webhooks; jobs go to the store itself. */
async function serve() {
  const { store, service } = await openScene();
  const { url } = await startServer({ webhooks: service });
  const base = `${url}/api/v1/webhooks`;
  const patch = (id: string, body: unknown) =>
    fetch(`${base}/${id}`, {
      ...{ method: 'PATCH', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } },
    });
  const get = async (path: string) => (await fetch(`${base}${path}`)).json();
  return { store, base, patch, get };
}

const NOTHING = { waiting: 0, waiting_bytes: 0, delivered: 0, dropped: 0, failing_since: null, paused_until: null };

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('/api/v1/webhooks', () => {
  it('creates, shows, changes and deletes; the secret is shown once', async () => {
    const { base, patch, get } = await serve();
    const created = await postJson(base, { url: 'https://outer.test/hook', events: ['job.ended', 'started', 'ended'] });
    expect(created.status).toBe(201);
    const { secret, ...webhook } = await created.json();
    expect(secret).toMatch(/^whsec_/);
    expect(created.headers.get('location')).toBe(`/api/v1/webhooks/${webhook.id}`);
    expect(webhook).toEqual({
      ...{ id: expect.stringMatching(/^wh_[0-9a-f]{20}$/), url: 'https://outer.test/hook', description: '' },
      ...{ events: ['job.ended', 'job.started'], tenant: null, queue: null, statuses: null, metadata: {} },
      ...{ enabled: true, disabled_reason: null, disabled_at: null },
      ...{ created_at: TIME, previous_secret_until: null, deliveries: NOTHING },
    });
    expect(await get(`/${webhook.id}`)).toEqual(webhook);
    expect(await get('')).toEqual({ webhooks: [webhook] });
    const changed = await patch(webhook.id, {
      ...{ description: 'pager', events: null, tenant: 'a', queue: 'train', statuses: ['FAILED'] },
      ...{ metadata: { team: 'x' }, enabled: false },
    });
    expect(await changed.json()).toEqual({
      ...{ ...webhook, description: 'pager', events: null, tenant: 'a', queue: 'train', statuses: ['FAILED'] },
      ...{ metadata: { team: 'x' }, enabled: false, disabled_reason: 'disabled by request', disabled_at: TIME },
    });
    const cleared = await patch(webhook.id, { tenant: null, metadata: {}, enabled: true });
    expect(await cleared.json()).toMatchObject({
      ...{ tenant: null, queue: 'train', metadata: {}, enabled: true, disabled_reason: null },
    });
    expect((await fetch(`${base}/${webhook.id}`, { method: 'DELETE' })).status).toBe(204);
    expect(await get(`/${webhook.id}`)).toMatchObject({ status: 404, code: 'WEBHOOK_NOT_FOUND' });
  });

  it.each([
    [{}, 'url'],
    [{ url: 'ftp://a.test/' }, 'url: expected an http(s) URL'],
    [{ url: 'https://me:secret@a.test/' }, 'url: expected an http(s) URL without user, password and fragment'],
    [{ url: 'https://a.test/', events: ['job.finished'] }, 'events[0]: expected one of job.submitted, '],
    [{ url: 'https://a.test/', events: [] }, 'events'],
    [{ url: 'https://a.test/', statuses: ['RUNNING'] }, 'statuses[0]'],
    [{ url: 'https://a.test/', metadata: { a: 1 } }, 'metadata: expected an object of strings'],
    [{ url: 'https://a.test/', secret: 'mine' }, 'unknown field: secret'],
  ])('refuses %j', async (body, detail) => {
    const { base } = await serve();
    const response = await postJson(base, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'INVALID_BODY', detail: expect.stringContaining(detail) });
  });

  it('refuses addresses that are not public, when a webhook is made and when it is changed', async () => {
    const { base, patch } = await serve();
    const made = await postJson(base, { url: 'https://192.168.0.1/' });
    expect(made.status).toBe(422);
    expect(await made.json()).toMatchObject({ code: 'WEBHOOK_NOT_ALLOWED' });
    const { id } = await (await postJson(base, { url: 'https://8.8.8.8/' })).json();
    expect((await patch(id, { url: 'http://localhost:1/' })).status).toBe(422);
    expect((await patch(id, { description: 'x' })).status).toBe(200);
  });

  it('makes a new secret on demand; the one before holds as long as is said', async () => {
    const { store, base, patch, get } = await serve();
    const receiver = await startReceiver();
    const { id, secret } = await (await postJson(base, { url: receiver.url })).json();
    const first = await (await patch(id, { rotate_secret: true })).json();
    expect(first.secret).not.toBe(secret);
    const keptMs = Date.parse(first.previous_secret_until) - Date.now();
    expect(keptMs).toBeGreaterThan(23.9 * 3_600_000);
    expect(keptMs).toBeLessThanOrEqual(24 * 3_600_000);
    const second = await (await patch(id, { rotate_secret: true, previous_secret_seconds: 0 })).json();
    expect(second).toMatchObject({ previous_secret_until: null, secret: expect.stringMatching(/^whsec_/) });
    expect(await get(`/${id}`)).not.toHaveProperty('secret');
    const meaningless = await patch(id, { previous_secret_seconds: 5 });
    expect(await meaningless.json()).toMatchObject({
      detail: 'previous_secret_seconds: means nothing without rotate_secret',
    });
    await store.insert(sampleJob('job'));
    await receiver.has(1);
    const [message] = receiver.messages;
    expect(message && (await isSigned(message, second.secret))).toBe(true);
    expect(message && (await isSigned(message, first.secret))).toBe(false);
  });
});

describe('/api/v1/webhooks/{id}/test', () => {
  it('sends a signed ping and answers what came back', async () => {
    const { base } = await serve();
    const receiver = await startReceiver((_message, response) => void response.writeHead(200).end('thanks'));
    const { id, secret } = await (await postJson(base, { url: receiver.url, events: ['job.ended'] })).json();
    const response = await fetch(`${base}/${id}/test`, { method: 'POST' });
    expect(await response.json()).toEqual({
      ...{ delivered: true, at: TIME, duration_seconds: expect.any(Number), status: 200, problem: null },
      answer: 'thanks',
    });
    const [message] = receiver.messages;
    expect(JSON.parse(message?.body ?? '')).toEqual({ type: 'ping', timestamp: TIME, data: { webhook_id: id } });
    expect(message && (await isSigned(message, secret))).toBe(true);
    receiver.answerWith(answer(500));
    const refused = await fetch(`${base}/${id}/test`, { method: 'POST' });
    expect(refused.status).toBe(200);
    expect(await refused.json()).toMatchObject({ delivered: false, status: 500, problem: 'answered 500', answer: '' });
  });
});

describe('/api/v1/webhooks/{id}/deliveries', () => {
  it('shows what was delivered and what waits, and why', async () => {
    const { store, base, get } = await serve();
    const receiver = await startReceiver((message, response) =>
      (message.type === 'job.ended' ? answer(503) : accept)(message, response),
    );
    const { id } = await (await postJson(base, { url: receiver.url })).json();
    await store.insert(sampleJob('job'));
    await expect.poll(async () => (await get(`/${id}`)).deliveries.delivered).toBe(1);
    await store.apply('job', ended(null, FAILURE, { atMs: 1_700_000_000_300 }));
    await expect.poll(async () => (await get(`/${id}/deliveries`)).waiting[0]?.last_attempt).not.toBeNull();
    const [submitted, end] = await store.events('job', 0, 2);
    expect(await get(`/${id}/deliveries`)).toEqual({
      waiting: [
        {
          ...{ message_id: receiver.messages[1]?.id, event_id: end?.id, type: 'job.ended', job_id: 'job' },
          ...{ at: '2023-11-14T22:13:20.300Z', attempts: expect.any(Number), next_attempt_at: TIME },
          last_attempt: { at: TIME, duration_seconds: expect.any(Number), status: 503, problem: 'answered 503' },
        },
      ],
      finished: [
        {
          ...{ message_id: receiver.messages[0]?.id, event_id: submitted?.id, type: 'job.submitted', job_id: 'job' },
          ...{ at: '2023-11-14T22:13:20.000Z', attempts: 1, delivered: true },
          last_attempt: { at: TIME, duration_seconds: expect.any(Number), status: 204, problem: null },
        },
      ],
    });
    expect(await get(`/${id}`)).toMatchObject({ deliveries: { waiting: 1, delivered: 1, failing_since: TIME } });
    expect(await get(`/${id}/deliveries?limit=0`)).toMatchObject({ code: 'INVALID_QUERY' });
    expect(await get('/wh_none/deliveries')).toMatchObject({ code: 'WEBHOOK_NOT_FOUND' });
  });
});
