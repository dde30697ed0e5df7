import { createClient } from '@drover/client';
import { describe, expect, it } from 'vitest';
import { startAnswering } from './fixture/answering.ts';
import { sendProblem, startHttpServer } from './fixture/http-server.ts';
import { makeQueue, makeTenant } from './fixture/queue.ts';

describe('queues', () => {
  it('are listed', async () => {
    const queues = [makeQueue({ name: 'default' }), { ...makeQueue({ name: 'train' }), invented_later: 1 }];
    const { client, requests } = await startAnswering({ queues });
    expect(await client.queues.list()).toEqual(queues);
    expect(requests).toEqual(['GET /api/v1/queues']);
  });

  it('are shown, created and changed with no more than what was given', async () => {
    const queue = makeQueue({ name: 'train', priority: 5 });
    const { client, requests, bodies } = await startAnswering(queue);
    expect(await client.queues.get('train')).toEqual(queue);
    expect(await client.queues.create({ name: 'train', priority: 5, limits: { gpus: 2 } })).toEqual(queue);
    expect(await client.queues.change('train', { limits: { gpus: null } })).toEqual(queue);
    expect(requests).toEqual(['GET /api/v1/queues/train', 'POST /api/v1/queues', 'PATCH /api/v1/queues/train']);
    expect(bodies.slice(1)).toEqual([{ name: 'train', priority: 5, limits: { gpus: 2 } }, { limits: { gpus: null } }]);
  });

  it('are paused, resumed, drained and deleted', async () => {
    const { client, requests } = await startAnswering(makeQueue({ name: 'train', state: 'paused' }));
    for (const action of ['pause', 'resume', 'drain'] as const) {
      expect(await client.queues[action]('train')).toMatchObject({ name: 'train', state: 'paused' });
    }
    expect(await client.queues.delete('train')).toBeUndefined();
    expect(requests).toEqual([
      'POST /api/v1/queues/train/pause',
      'POST /api/v1/queues/train/resume',
      'POST /api/v1/queues/train/drain',
      'DELETE /api/v1/queues/train',
    ]);
  });

  it('have names that reach no other route', async () => {
    const { client, requests } = await startAnswering(makeQueue({ name: 'x' }));
    await client.queues.get('a/../b?c');
    expect(requests).toEqual(['GET /api/v1/queues/a%2F..%2Fb%3Fc']);
    for (const name of ['', '.', '..']) {
      await expect(client.queues.delete(name)).rejects.toMatchObject({ code: 'QUEUE_NOT_FOUND', status: 404 });
    }
    expect(requests).toHaveLength(1);
  });

  it('that are not there are an error with its code, and changes are never repeated', async () => {
    const server = await startHttpServer((request, response) =>
      request.method === 'GET'
        ? sendProblem(response, 404, { code: 'QUEUE_NOT_FOUND', detail: 'none' })
        : sendProblem(response, 503, { code: 'SHUTTING_DOWN' }),
    );
    const client = createClient({ address: server.address });
    await expect(client.queues.get('train')).rejects.toMatchObject({ code: 'QUEUE_NOT_FOUND' });
    await expect(client.queues.change('train', {})).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    await expect(client.queues.pause('train')).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    expect(server.requests).toHaveLength(3);
  });
});

describe('tenants', () => {
  it('are listed, shown, changed and reset', async () => {
    const tenant = makeTenant({ name: 'team/a', weight: 2 });
    const { client, requests, bodies } = await startAnswering({ ...tenant, tenants: [tenant] });
    expect(await client.tenants.list()).toEqual([tenant]);
    expect(await client.tenants.get('team/a')).toMatchObject(tenant);
    expect(await client.tenants.change('team/a', { weight: 2, quota: { cpus: 8 } })).toMatchObject(tenant);
    expect(await client.tenants.reset('team/a')).toBeUndefined();
    expect(requests).toEqual([
      'GET /api/v1/tenants',
      'GET /api/v1/tenants/team%2Fa',
      'PATCH /api/v1/tenants/team%2Fa',
      'DELETE /api/v1/tenants/team%2Fa',
    ]);
    expect(bodies[2]).toEqual({ weight: 2, quota: { cpus: 8 } });
  });

  it('that no path can name are refused before anything is sent', async () => {
    const { client, requests } = await startAnswering(makeTenant({ name: 'x' }));
    await expect(client.tenants.get('..')).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 });
    expect(requests).toEqual([]);
  });
});

describe('a stranger at the address', () => {
  it('is told from a Drover', async () => {
    const { client } = await startAnswering({ hello: 'world' });
    const calls = [client.queues.list(), client.queues.get('a'), client.tenants.list(), client.tenants.get('a')];
    for (const call of [...calls, client.counts()]) {
      await expect(call).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
    }
  });
});

describe('counts', () => {
  it('are those of the server', async () => {
    const counts = { PENDING: 1, RUNNING: 2, SUCCEEDED: 3, FAILED: 4, STOPPED: 5 };
    const { client, requests } = await startAnswering({ jobs: counts });
    expect(await client.counts()).toEqual(counts);
    expect(requests).toEqual(['GET /api/v1/counts']);
  });
});
