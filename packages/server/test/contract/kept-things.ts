import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Known } from './harmless-values.ts';

/** What requests can find, whatever those before them have deleted, paused or limited. */
export interface KeptThings {
  /** Fills up when the things are put in place. */
  known: Known;
  /** Puts them in place. */
  keep(): Promise<void>;
  /** Ends what would outlive the server. */
  close(): Promise<void>;
}

/** @param url of the server */
export async function createKeptThings(url: string): Promise<KeptThings> {
  const receiver = createServer((_request, response) => response.writeHead(204).end()).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  const address = receiver.address();
  const known: Known = {
    ...{ cursors: [], webhookIds: [] },
    receiverUrl: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`,
  };

  async function send<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(`${url}/api/v1${path}`, { method, ...(body === undefined ? {} : json) });
    const text = await response.text();
    return JSON.parse(text === '' ? 'null' : text);
  }

  async function keepWebhook(): Promise<void> {
    const ids = async () =>
      (await send<{ webhooks: { id: string }[] }>('GET', '/webhooks')).webhooks.map(({ id }) => id);
    if ((await ids()).length === 0) await send('POST', '/webhooks', { url: known.receiverUrl });
    known.webhookIds = await ids();
  }

  async function keepCursor(): Promise<void> {
    if (known.cursors.length > 0) return;
    known.cursors = [(await send<{ next_cursor: string }>('GET', '/jobs?limit=1')).next_cursor];
  }

  return {
    known,
    async keep() {
      await Promise.all([
        send('POST', '/queues/default/resume'),
        send('PATCH', '/queues/default', NO_RULES),
        send('DELETE', '/tenants/default'),
        send('POST', '/queues', { name: 'q-0' }),
        send('POST', '/queues', { name: 'q-1' }),
        send('POST', '/schedules', { name: 's-0', cron: '@yearly', job: { entrypoint: 'true' } }),
        send('PUT', '/packages/a.zip', {}),
        keepWebhook(),
      ]);
      await send('POST', '/jobs', { id: 'p-1', entrypoint: 'echo x' });
      await send('POST', '/jobs', { id: 'p-2', entrypoint: 'sleep 600' });
      await keepCursor();
    },
    async close() {
      await send('POST', '/jobs/stop?all=true', { grace_seconds: 0 });
      for (const { id } of (await send<{ jobs: { id: string }[] }>('GET', '/jobs?status=RUNNING&limit=1000')).jobs) {
        await send('GET', `/jobs/${encodeURIComponent(id)}/wait`);
      }
      receiver.close();
    },
  };
}

const NO_RULES = {
  limits: { running: null, cpus: null, gpus: null, memory_bytes: null },
  defaults: {
    max_retries: null,
    time_limit_seconds: null,
    queue_time_limit_seconds: null,
    setup_time_limit_seconds: null,
    ttl_seconds_after_finished: null,
  },
  max_time_limit_seconds: null,
};
