import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Drover, scratchDirectory, startDrover } from '../harness/drover.ts';
import { load, postRequest } from '../harness/http-load.ts';
import type { Scenario } from '../harness/scenario.ts';
import { startSleepers } from '../harness/sleepers.ts';
import { median } from '../harness/statistics.ts';

const ROUNDS = 5;
const REQUESTS = 10_000;
const BACKLOG = 100_000;
const DELIVERIES = 5_000;

const SUBMIT = postRequest('/api/jobs', { entrypoint: 'true', runtime_env: { working_dir: '/tmp' } });

export const webhooks: Scenario = {
  name: 'webhooks',
  summary:
    'durable submits with 64 connections while no driver may start: without webhooks, with ten that want other events, with one behind which 100,000 events wait',

  async run() {
    const scratch = scratchDirectory();
    const drover = await startDrover(join(scratch.path, 'data'), [
      ...['--max-running', '1', '--allowed-webhook-hosts', '127.0.0.1', '--webhook-max-waiting', '1000000'],
    ]);
    const { drivers } = await startSleepers(drover.url, 1);
    let isTaking = false;
    let taken = 0;
    const receiver = createServer((request, response) => {
      request.resume();
      if (isTaking) taken += 1;
      response.writeHead(isTaking ? 204 : 503).end();
    });
    try {
      const url = `http://127.0.0.1:${await listen(receiver)}/`;
      const submit = async (requests: number) =>
        (await load({ port: drover.port, connections: 64, requests, payloads: [SUBMIT] })).perSecond;
      const others = [];
      for (let index = 0; index < 10; index += 1) others.push(await register(drover, { url, tenant: 'nobody' }));
      const full = await register(drover, { url });
      await change(drover, others, { enabled: false });
      for (let sent = 0; sent < BACKLOG; sent += 20_000) await submit(20_000);

      const rounds: { none: number; other: number; waiting: number }[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        await change(drover, [full], { enabled: false });
        const none = await submit(REQUESTS);
        await change(drover, others, { enabled: true });
        const other = await submit(REQUESTS);
        await change(drover, others, { enabled: false });
        await change(drover, [full], { enabled: true });
        rounds.push({ none, other, waiting: await submit(REQUESTS) });
      }

      isTaking = true;
      const begunMs = performance.now();
      await change(drover, [full], { enabled: true });
      await until(() => taken >= DELIVERIES);
      const deliveriesPerSecond = taken / ((performance.now() - begunMs) / 1_000);
      const ratio = (key: 'other' | 'waiting') => median(rounds.map((round) => round[key] / round.none));
      return {
        figures: [
          { what: 'submits without webhooks', value: median(rounds.map(({ none }) => none)), unit: '/s', reach: null },
          {
            what: 'with ten webhooks that want other events',
            value: ratio('other'),
            unit: '',
            reach: { atLeast: 0.9 },
          },
          {
            what: 'with one behind which 100,000 events wait',
            value: ratio('waiting'),
            unit: '',
            reach: { atLeast: 0.5 },
          },
          { what: 'deliveries to one receiver of this machine', value: deliveriesPerSecond, unit: '/s', reach: null },
        ],
        raw: { rounds, deliveriesPerSecond },
      };
    } finally {
      // The server first, or it would start the next of the jobs that wait.
      await drover.stop();
      for (const pid of drivers) process.kill(pid, 'SIGKILL');
      receiver.closeAllConnections();
      receiver.close();
      scratch.remove();
    }
  },
};

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

async function register(drover: Drover, body: object): Promise<string> {
  const { id } = (await send(drover, 'POST', '', body)) as { id: string };
  return id;
}

async function change(drover: Drover, ids: readonly string[], body: object): Promise<void> {
  for (const id of ids) await send(drover, 'PATCH', `/${id}`, body);
}

async function send({ url }: Drover, method: string, path: string, body: object): Promise<unknown> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/api/v1/webhooks${path}`, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return response.json();
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
