import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { networkInterfaces } from 'node:os';
import { expect, it, onTestFinished } from 'vitest';
import { sendJson, startHttpServer } from '../../../../../client/test/fixture/http-server.ts';
import { createRestClient } from '../../../../src/engine/slurm/client/rest/rest-client.ts';
import { aSubmission } from './submission.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');

function clientOf(url: string) {
  return createRestClient({ url, apiVersion: 'v0.0.38', headers: () => ({}), now: () => NOW });
}

it('sees what it has just submitted, also where the clock of the controller is a minute behind', async () => {
  const controllersNow = NOW / 1000 - 60;
  const jobs: unknown[] = [];
  const server = await startHttpServer((request, response, url) => {
    if (request.method === 'POST') {
      jobs.push({ job_id: 17, name: 'drover-att-1', job_state: 'PENDING' });
      return sendJson(response, { errors: [], job_id: 17 });
    }
    const isUnchanged = Number(url.searchParams.get('update_time') ?? 0) >= controllersNow;
    if (isUnchanged) response.writeHead(304).end();
    else sendJson(response, { errors: [], jobs });
  });
  const client = clientOf(server.address);
  expect(await client.listJobs(() => true)).toEqual([]);
  expect(await client.listJobs(() => true)).toBeNull();
  expect(await client.submit(aSubmission())).toBe(17);
  expect(await client.listJobs(() => true)).toMatchObject([{ id: 17 }]);
  expect(await client.listJobs(() => true)).toBeNull();
  client.close();
});

it.each<[string, (response: ServerResponse) => void]>([
  ['has no list', (response) => sendJson(response, { meta: {}, errors: [] })],
  ['is of something else', (response) => sendJson(response, { status: 'ok' })],
  ['has the word elsewhere', (response) => sendJson(response, { meta: { user: 'jobs', command: [] }, errors: [] })],
  ['is a page', (response) => void response.end('<html>')],
  ['is cut off', (response) => void response.end('{"errors": [], "jobs": [{"job_id": 17')],
  ['is an error', (response) => sendJson(response, { errors: [{ error_number: -1 }], jobs: [] }, 500)],
])('takes no answer for an empty list that %s', async (_, answer) => {
  const server = await startHttpServer((__, response) => answer(response));
  const client = clientOf(server.address);
  await expect(client.listJobs(() => true)).rejects.toMatchObject({ kind: 'unknown' });
  await expect(client.listNodes()).rejects.toMatchObject({ kind: 'unknown' });
  client.close();
});

it('names the status of an error that says nothing', async () => {
  const server = await startHttpServer((_, response) => sendJson(response, { errors: [{ error_number: -1 }] }, 500));
  const client = clientOf(server.address);
  await expect(client.cancel(17)).rejects.toThrow('slurmrestd answered 500');
  client.close();
});

it('finds the list though its name stands for something else before', async () => {
  const job = { job_id: 17, name: 'drover-att-1', job_state: 'PENDING' };
  const server = await startHttpServer((_, response) =>
    sendJson(response, { meta: { user: 'jobs', command: ['x'] }, errors: [], jobs: [job] }),
  );
  const client = clientOf(server.address);
  expect(await client.listJobs(() => true)).toMatchObject([{ id: 17 }]);
  client.close();
});

it('reads jobs of others no further than to their names', async () => {
  const ours = { job_id: 17, name: 'drover-att-1', job_state: 'PENDING' };
  const odd = [{ job_id: '18_[1-3]', name: 'other' }, { job_id: 19, name: null }, null];
  const server = await startHttpServer((_, response) => sendJson(response, { errors: [], jobs: [...odd, ours] }));
  const client = clientOf(server.address);
  expect(await client.listJobs((name) => name.startsWith('drover-'))).toMatchObject([{ id: 17 }]);
  client.close();
});

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

it.skipIf(!hasIpv6)(`reaches slurmrestd at an address of IPv6${hasIpv6 ? '' : ': needs the address ::1'}`, async () => {
  const server = createServer((_, response) => sendJson(response, { errors: [], jobs: [] }));
  onTestFinished(() => void server.close());
  server.listen(0, '::1');
  await once(server, 'listening');
  const address = server.address();
  const client = clientOf(`http://[::1]:${typeof address === 'object' ? address?.port : ''}`);
  expect(await client.listJobs(() => true)).toEqual([]);
  client.close();
});
