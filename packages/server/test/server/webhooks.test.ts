import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { webhookBody } from '../../src/http/native/webhook-body.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { sampleJob } from '../store/sample-jobs.ts';
import { sampleWebhook } from '../store/sample-webhooks.ts';
import { accept, answer, isSigned, type Received, startReceiver, type TestReceiver } from '../webhooks/receiver.ts';
import { ended, eventually, submit } from './job-api.ts';
import { useServer } from './use-server.ts';

const ALLOWED = ['--allowed-webhook-hosts', '127.0.0.1'];

const server = useServer();

interface Webhook {
  id: string;
  secret: string;
  deliveries: { waiting: number; delivered: number; dropped: number };
}

async function register(url: string, body: object): Promise<Webhook> {
  const response = await fetch(`${url}/api/v1/webhooks`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  });
  if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`);
  return (await response.json()) as Webhook;
}

async function standing(url: string, { id }: Webhook): Promise<Webhook['deliveries']> {
  const response = await fetch(`${url}/api/v1/webhooks/${id}`);
  return ((await response.json()) as Webhook).deliveries;
}

const typesOf = ({ messages }: TestReceiver, jobId: string) =>
  messages.filter((message) => message.jobId === jobId).map(({ type }) => type);

const WHOLE_LIFE = ['job.submitted', 'job.handed_over', 'job.started', 'job.ended'];

describe('a server that is killed', () => {
  it('before it delivered an event leaves that to the next one, even if the job is deleted meanwhile', async () => {
    const receiver = await startReceiver(answer(503));
    await server.start(ALLOWED);
    const webhook = await register(server.url, { url: receiver.url });
    const id = await submit(server.url, { entrypoint: 'true' });
    await server.kill();

    await server.start(ALLOWED);
    await ended(server.url, id);
    expect((await fetch(`${server.url}/api/jobs/${id}`, { method: 'DELETE' })).status).toBe(200);
    await server.kill();

    // Another one, which a message of the killed server that is still on its way does not reach.
    await receiver.close();
    const later = await startReceiver(accept, receiver.port);
    await server.start(ALLOWED);
    await later.has(4);
    expect(typesOf(later, id)).toEqual(WHOLE_LIFE);
    for (const message of later.messages) expect(await isSigned(message, webhook.secret)).toBe(true);
    await eventually('nothing waits', async () => (await standing(server.url, webhook)).waiting === 0);
    expect(await standing(server.url, webhook)).toMatchObject({ delivered: 4, dropped: 0 });
  });

  it('in the middle of a delivery has the next one send that message again', async () => {
    const receiver = await startReceiver(() => {});
    await server.start(ALLOWED);
    await register(server.url, { url: receiver.url, events: ['job.submitted'] });
    await submit(server.url, { entrypoint: 'true' });
    await receiver.has(1);
    await server.kill();

    receiver.answerWith(accept);
    await server.start(ALLOWED);
    await receiver.has(2);
    const [broken, repeated] = receiver.messages;
    expect(repeated?.id).toBe(broken?.id);
    expect(repeated?.body).toBe(broken?.body);
  });

  it('again and again under load delivers every event at least once, those of each job in their order', async () => {
    const receiver = await startReceiver();
    let webhook: Webhook | null = null;
    const jobs: string[] = [];
    for (let kill = 0; kill < 5; kill += 1) {
      await server.start(ALLOWED);
      webhook ??= await register(server.url, { url: receiver.url });
      const submits = Array.from({ length: 12 }, () => submit(server.url, { entrypoint: 'true' }));
      jobs.push(...(await Promise.all(submits)));
      // At a different point of their way each time.
      await receiver.has(receiver.messages.length + 5 + 4 * kill);
      await server.kill();
    }
    await server.start(ALLOWED);
    for (const id of jobs) await ended(server.url, id);
    await eventually(
      'nothing waits',
      async () => webhook !== null && (await standing(server.url, webhook)).waiting === 0,
    );

    const answered = await fetch(`${server.url}/api/v1/events?limit=1000`);
    const { events } = (await answered.json()) as { events: { id: number; job_id: string }[] };
    const eventIdOf = ({ id }: Received) => Number(id.split('_').at(-1));
    expect(new Set(receiver.messages.map(eventIdOf))).toEqual(new Set(events.map(({ id }) => id)));
    for (const job of jobs) {
      const received = receiver.messages.filter(({ jobId }) => jobId === job).map(eventIdOf);
      // A message comes again after a kill, but none of its job has come in between.
      expect(received).toEqual(received.toSorted((one, other) => one - other));
    }
  });
});

describe('a server as it is', () => {
  it('sends nothing to its own surroundings', async () => {
    const receiver = await startReceiver();
    await server.start();
    const { port } = receiver;
    for (const target of [`http://127.0.0.1:${port}/`, `https://localhost:${port}/`, 'https://169.254.169.254/']) {
      await expect(register(server.url, { url: target })).rejects.toThrow(/422:.*WEBHOOK_NOT_ALLOWED/);
    }
    expect(receiver.messages).toEqual([]);
  });
});

describe('a hundred thousand events that wait', () => {
  const WAITING = 100_000;
  const residentMiB = (pid: number) =>
    Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

  /** A data directory in which they wait for a receiver, made without a server. */
  async function fill(url: string): Promise<void> {
    await server.start(ALLOWED);
    await server.stop();
    const store = openSqliteStore({
      path: join(server.dataDir, 'jobs.db'),
      onFatal: (error) => {
        throw error;
      },
      outbox: { bodyOf: webhookBody, maxWaiting: WAITING, maxWaitingBytes: 1024 ** 3 },
    });
    await store.webhooks.put(sampleWebhook('wh_full', { url, filter: { types: ['submitted'], tenant: 'past' } }));
    const submittedAtMs = Date.now();
    for (let first = 0; first < WAITING; first += 1_000) {
      const batch = Array.from({ length: 1_000 }, (_, index) =>
        store.insert(
          // In a state in which nothing starts them.
          sampleJob(`past-${first + index}`, {
            ...{ tenant: 'past', submittedAtMs, status: 'STOPPED', endedAtMs: submittedAtMs },
            end: { status: 'STOPPED', code: 'STOPPED', message: 'stopped', exitCode: null },
          }),
        ),
      );
      await Promise.all(batch);
    }
    expect(await store.webhooks.tally('wh_full')).toMatchObject({ waiting: WAITING });
    await store.close();
  }

  it('take no memory, keep no job waiting, and go out when they are taken', async () => {
    const receiver = await startReceiver(answer(500));
    await fill(receiver.url);
    // Or what V8 leaves lying for a while would be counted, which is sometimes half of what is allowed here, and sometimes more.
    await server.start(ALLOWED, { NODE_OPTIONS: '--max-semi-space-size=1' });
    const { url, pid } = server;
    const beforeMiB = residentMiB(pid);
    await receiver.has(17);
    for (let index = 0; index < 20; index += 1) await ended(url, await submit(url, { entrypoint: 'true' }));
    receiver.answerWith(accept);
    expect((await fetch(`${url}/api/v1/webhooks/wh_full/test`, { method: 'POST' })).status).toBe(200);
    await receiver.has(2_000);
    // The bodies alone are 120 MiB.
    expect(residentMiB(pid) - beforeMiB).toBeLessThan(100);
    expect((await fetch(`${url}/api/v1/webhooks/wh_full`, { method: 'DELETE' })).status).toBe(204);
    await ended(url, await submit(url, { entrypoint: 'true' }));
    expect(await server.stop()).toBe(0);
  }, 180_000);
});
