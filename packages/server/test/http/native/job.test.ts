import { expect, test } from 'vitest';
import { startServer, submitted } from '../harness.ts';

const TIME = expect.stringMatching(/Z$/);

test('a job that ran says where, and how it ended', async () => {
  const { url, service } = await startServer();
  await submitted(service, { id: 'app-x' });
  service.start('app-x');
  await service.stop('app-x');
  service.end('app-x', { status: 'FAILED', exitCode: 143 });
  expect(await (await fetch(`${url}/api/v1/jobs/app-x`)).json()).toMatchObject({
    ...{ id: 'app-x', door: 'openyuanrong', status: 'STOPPED', started_at: TIME, ended_at: TIME, pending_reason: null },
    attempt: {
      ...{ id: expect.any(String), number: 1, engine: 'local', node_id: 'node2-744947', node_address: '7.183.38.81' },
      ...{ driver_pid: 748250, gpus: [] },
    },
    stop: { requested_at: TIME, reason: 'the job was manually stopped', trouble: null },
    end: { code: 'STOPPED', message: 'the job was manually stopped', exit_code: 143 },
    revision: 5,
  });
});

test('the tag covers the job and its revision, and is another one than that of /api/jobs', async () => {
  const { url, service } = await startServer();
  await submitted(service, { id: 'app-x' });
  const response = await fetch(`${url}/api/v1/jobs/app-x`);
  const etag = response.headers.get('etag') ?? '';
  expect((await fetch(`${url}/api/v1/jobs/app-x`, { headers: { 'if-none-match': etag } })).status).toBe(304);
  expect((await fetch(`${url}/api/jobs/app-x`, { headers: { 'if-none-match': etag } })).status).toBe(200);
  service.start('app-x');
  expect((await fetch(`${url}/api/v1/jobs/app-x`, { headers: { 'if-none-match': etag } })).status).toBe(200);
});

test('an unknown id is 404 everywhere, with the ids that look like it', async () => {
  const { url, service } = await startServer();
  await submitted(service, { id: 'app-train-1' });
  const routes = ['GET ', 'DELETE ', 'POST /stop', 'GET /wait', 'GET /events', 'GET /logs'];
  for (const [method = '', path = ''] of routes.map((route) => route.split(' '))) {
    const response = await fetch(`${url}/api/v1/jobs/app-train-2${path}`, { method });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      ...{ type: 'urn:drover:error:JOB_NOT_FOUND', title: 'No such job', status: 404, code: 'JOB_NOT_FOUND' },
      ...{ detail: "no job has the id 'app-train-2'", similar_ids: ['app-train-1'] },
    });
  }
});

test('stop answers whether it will be carried out, with the job', async () => {
  const { url, service } = await startServer();
  await submitted(service, { id: 'app-x' });
  const stop = (body?: string) =>
    fetch(`${url}/api/v1/jobs/app-x/stop`, {
      ...{ method: 'POST', body: body ?? null },
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
    });
  const response = await stop('{"grace_seconds":0.25}');
  expect(await response.json()).toMatchObject({ stopping: true, job: { id: 'app-x', stop: { requested_at: TIME } } });
  expect((await service.get('app-x'))?.stop?.graceMs).toBe(250);
  service.end('app-x');
  expect(await (await stop()).json()).toMatchObject({ stopping: false, job: { status: 'STOPPED' } });
  const refused = await stop('{"grace":1}');
  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ code: 'INVALID_BODY', detail: 'unknown field: grace' });
});

test('delete is 204 after the end, and 409 before', async () => {
  const { url, service } = await startServer();
  await submitted(service, { id: 'app-x' });
  const refused = await fetch(`${url}/api/v1/jobs/app-x`, { method: 'DELETE' });
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ code: 'JOB_NOT_ENDED', detail: expect.stringContaining('PENDING') });
  service.start('app-x');
  service.end('app-x');
  const response = await fetch(`${url}/api/v1/jobs/app-x`, { method: 'DELETE' });
  expect(response.status).toBe(204);
  expect(await response.text()).toBe('');
  expect((await fetch(`${url}/api/v1/jobs/app-x`)).status).toBe(404);
});

test('the history comes in order, from where it was left', async () => {
  const { url, service } = await startServer();
  await submitted(service, { id: 'app-x' });
  service.start('app-x');
  service.end('app-x');
  const read = async (query: string) => (await fetch(`${url}/api/v1/jobs/app-x/events${query}`)).json();
  const { events }: { events: { id: number; type: string }[] } = await read('');
  expect(events.map((event) => event.type)).toEqual(['submitted', 'handed_over', 'started', 'ended']);
  expect(events[0]).toEqual({ id: 1, job_id: 'app-x', type: 'submitted', at: TIME, revision: 1, detail: {} });
  expect(await read('?after=1&limit=2')).toEqual({ events: events.slice(1, 3) });
  expect((await fetch(`${url}/api/v1/jobs/app-x/events?after=-1`)).status).toBe(400);
});
