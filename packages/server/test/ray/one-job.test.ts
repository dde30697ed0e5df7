import { beforeEach, expect, it } from 'vitest';
import { useServer } from '../server/use-server.ts';

const server = useServer();

beforeEach(() => server.start());

async function get(path: string) {
  const answer = await fetch(`${server.url}${path}`);
  return [
    answer.status,
    answer.headers.get('content-type')?.includes('json') ? await answer.json() : await answer.text(),
  ];
}

async function post(path: string, body?: object) {
  const init =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const answer = await fetch(`${server.url}${path}`, { method: 'POST', ...init });
  return [answer.status, await answer.json()];
}

/** What each door says of a job, without what only one of them has. */
async function throughAllDoors(id: string) {
  const [, ray] = await get(`/ray/api/jobs/${id}`);
  const [, native] = await get(`/api/v1/jobs/${id}`);
  const [, yuanrong] = await get(`/api/jobs/${id}`);
  return {
    ids: [ray.submission_id, native.id, yuanrong.submission_id],
    statuses: [ray.status, native.status, yuanrong.status],
    entrypoints: [ray.entrypoint, native.entrypoint, yuanrong.entrypoint],
    exitCodes: [ray.driver_exit_code, native.end?.exit_code, yuanrong.driver_exit_code],
    metadata: [ray.metadata, native.metadata, yuanrong.metadata],
    endTimes: [ray.end_time, Date.parse(native.ended_at), Number(yuanrong.end_time)],
    submittedAt: [ray.start_time, Date.parse(native.submitted_at)],
  };
}

const three = <T>(value: T): T[] => [value, value, value];

it('is the same job at every door, whichever it came through', async () => {
  await server.stop();
  await server.start(['--openyuanrong-time-unit', 'milliseconds']);
  const entrypoint = 'echo out; exit 7';
  const metadata = { owner: 'ann' };
  const working_dir = server.directory;
  const [, { submission_id: rayId }] = await post('/ray/api/jobs/', { entrypoint, metadata });
  const [, { submission_id: yuanrongId }] = await post('/api/jobs', {
    entrypoint,
    metadata,
    runtime_env: { working_dir },
  });
  const [, { id: nativeId }] = await post('/api/v1/jobs', { entrypoint, metadata });

  for (const id of [rayId, yuanrongId, nativeId]) {
    const [, ended] = await get(`/api/v1/jobs/${id}/wait?timeout=60`);
    expect(ended).toMatchObject({ status: 'FAILED' });
    const seen = await throughAllDoors(id);
    expect(seen).toMatchObject({
      ...{ ids: three(id), statuses: three('FAILED'), entrypoints: three(entrypoint), exitCodes: three(7) },
      metadata: three(metadata),
    });
    expect(new Set(seen.endTimes).size).toBe(1);
    expect(new Set(seen.submittedAt).size).toBe(1);
    const [, ray] = await get(`/ray/api/jobs/${id}/logs`);
    expect(ray.logs.endsWith(`Running entrypoint for job ${id}: ${entrypoint}\nout\n`)).toBe(true);
    expect([await get(`/api/v1/jobs/${id}/logs`), await get(`/api/jobs/${id}/logs`)]).toEqual([
      [200, 'out\n'],
      [200, 'out\n'],
    ]);
  }

  const [, ray] = await get('/ray/api/jobs/');
  expect(ray.map((job: { submission_id: string }) => job.submission_id)).toEqual([nativeId, yuanrongId, rayId]);
  await fetch(`${server.url}/api/jobs/${rayId}`, { method: 'DELETE' });
  for (const path of ['/ray/api/jobs/', '/api/v1/jobs/', '/api/jobs/']) expect((await get(path + rayId))[0]).toBe(404);
});

it('is stopped at one door, and stopped for the others', async () => {
  const [, { submission_id: id }] = await post('/ray/api/jobs/', { entrypoint: 'sleep 600' });
  expect(await post(`/ray/api/jobs/${id}/stop`)).toEqual([200, { stopped: true }]);
  await get(`/api/v1/jobs/${id}/wait?timeout=60`);
  expect(await throughAllDoors(id)).toMatchObject({ statuses: three('STOPPED') });
  expect((await get(`/ray/api/jobs/${id}`))[1]).toMatchObject({ driver_exit_code: null, error_type: null });
});
