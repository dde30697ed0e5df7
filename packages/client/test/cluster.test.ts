import { createClient } from '@drover/client';
import type { Cluster } from '@drover/client/cluster';
import { expect, it } from 'vitest';
import { sendJson, startHttpServer } from './fixture/http-server.ts';

const AMOUNTS = { running: 64, cpus: 4, gpus: 0, memory_bytes: 1_000, custom: {} };

const CLUSTER: Cluster = {
  ...{ waiting: 1, running: 0 },
  engines: [
    {
      name: 'local',
      has_own_queue: false,
      health: 'healthy',
      trouble: null,
      waiting: 1,
      capacity: AMOUNTS,
      in_use: AMOUNTS,
    },
  ],
  nodes: [
    {
      ...{ id: 'node-1', address: '10.0.0.1', engine: 'local', version: '1.2.3', health: 'healthy', trouble: null },
      ...{ capacity: AMOUNTS, in_use: { ...AMOUNTS, running: 0, cpus: 0 } },
    },
  ],
};

it('hands the cluster back with fields it does not know', async () => {
  const answer = { ...CLUSTER, invented_later: 1 };
  const server = await startHttpServer((_, response) => sendJson(response, answer));
  expect(await createClient({ address: server.address }).cluster()).toEqual(answer);
  expect(server.requests).toEqual(['GET /api/v1/cluster']);
});

it('tells a stranger from a server of Drover', async () => {
  const server = await startHttpServer((_, response) => sendJson(response, { nodes: 3 }));
  await expect(createClient({ address: server.address }).cluster()).rejects.toMatchObject({
    code: 'UNEXPECTED_ANSWER',
  });
});
