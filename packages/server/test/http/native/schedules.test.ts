import { describe, expect, test } from 'vitest';
import { postJson, startServer } from '../harness.ts';

const GIVEN = { name: 'nightly', cron: '30 2 * * *', job: { entrypoint: 'true', metadata: { a: 'b' } } };

function patch(url: string, body: unknown): Promise<Response> {
  return fetch(url, { method: 'PATCH', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
}

test('a schedule is created with defaults, shown, changed field by field, and deleted', async () => {
  const { url } = await startServer();
  const schedules = `${url}/api/v1/schedules`;
  const created = await postJson(schedules, GIVEN, { 'x-tenant-id': 'blue' });
  expect(created.status).toBe(201);
  expect(created.headers.get('location')).toBe('/api/v1/schedules/nightly');
  const nightly = {
    ...{ ...GIVEN, tenant: 'blue', time_zone: 'UTC', overlap: 'skip', missed: 'skip', missed_window_seconds: null },
    ...{ start_at: null, end_at: null, paused: false, last_occurrence: null, last_job: null, last_error: null },
    created_at: expect.any(String),
    next_occurrences: Array.from({ length: 5 }, () => expect.stringMatching(/T02:30:00.000Z$/)),
    occurrences: { started: 0, skipped: 0, missed: 0, refused: 0 },
  };
  expect(await created.json()).toEqual(nightly);
  expect(await (await fetch(`${schedules}/nightly`)).json()).toEqual(nightly);
  expect((await (await fetch(`${schedules}/nightly?next=0`)).json()).next_occurrences).toEqual([]);
  expect((await (await fetch(`${schedules}/nightly?next=100`)).json()).next_occurrences).toHaveLength(100);

  const changed = await patch(`${schedules}/nightly`, {
    ...{ time_zone: 'Europe/Berlin', missed_window_seconds: 0.5, end_at: '2100-01-01T01:00:00+01:00' },
  });
  expect(await changed.json()).toMatchObject({
    ...{ cron: '30 2 * * *', time_zone: 'Europe/Berlin', missed_window_seconds: 0.5, job: GIVEN.job, tenant: 'blue' },
    end_at: '2100-01-01T00:00:00.000Z',
  });
  const again = await patch(`${schedules}/nightly`, { end_at: null, job: { entrypoint: 'false' } });
  expect(await again.json()).toMatchObject({ end_at: null, missed_window_seconds: 0.5, job: { entrypoint: 'false' } });

  const listed = async (query: string) => (await (await fetch(`${schedules}${query}`)).json()).schedules;
  expect(await listed('')).toMatchObject([{ name: 'nightly', next_occurrences: [expect.any(String)] }]);
  expect(await listed('?tenant=default')).toEqual([]);
  expect((await fetch(`${schedules}/nightly`, { method: 'DELETE' })).status).toBe(204);
  expect((await fetch(`${schedules}/nightly`)).status).toBe(404);
});

test('a job is kept as it was sent', async () => {
  const { url } = await startServer();
  const job = {
    ...{ resources: { memory_bytes: 5, cpus: 0.5 }, entrypoint: 'true', max_retries: 2, stop_grace_seconds: 1.5 },
    runtime_env: { env_vars: { B: '2', A: '1' }, config: { setup_timeout_seconds: 9 } },
  };
  const created = await postJson(`${url}/api/v1/schedules`, { ...GIVEN, job });
  expect(JSON.stringify((await created.json()).job.runtime_env)).toBe(JSON.stringify(job.runtime_env));
  expect((await (await fetch(`${url}/api/v1/schedules/nightly`)).json()).job).toEqual(job);
});

test('a schedule is paused, resumed, and run by hand, once for a key', async () => {
  const { url } = await startServer();
  const nightly = `${url}/api/v1/schedules/nightly`;
  await postJson(`${url}/api/v1/schedules`, GIVEN, { 'x-tenant-id': 'blue' });
  const act = async (action: string, headers = {}) => fetch(`${nightly}/${action}`, { method: 'POST', headers });
  expect(await (await act('pause')).json()).toMatchObject({ paused: true, next_occurrences: [] });
  const key = { 'idempotency-key': 'k1' };
  const first = await act('run', key);
  expect(first.status).toBe(201);
  const job = await first.json();
  expect(job).toMatchObject({ tenant: 'blue', metadata: { a: 'b' }, door: 'native' });
  expect(first.headers.get('location')).toBe(`/api/v1/jobs/${job.id}`);
  const second = await act('run', key);
  expect([second.status, second.headers.get('idempotency-replayed')]).toEqual([200, 'true']);
  expect(await (await act('resume')).json()).toMatchObject({ paused: false, last_job: job.id });
});

describe('a schedule is refused', () => {
  test.each([
    [{ cron: '* *' }, 400, 'INVALID_SCHEDULE', 'cron: expected five fields'],
    [{ cron: '0 0 30 2 *' }, 400, 'INVALID_SCHEDULE', "cron: '0 0 30 2 *' never occurs"],
    [{ time_zone: 'Mars/Olympus' }, 400, 'INVALID_SCHEDULE', "time_zone: 'Mars/Olympus' is no time zone"],
    [
      { start_at: '2027-01-02T00:00:00Z', end_at: '2027-01-01T00:00:00Z' },
      ...([400, 'INVALID_SCHEDULE', 'end_at: must be later than start_at'] as const),
    ],
    [{ end_at: '2020-01-01T00:00:00Z' }, 400, 'INVALID_SCHEDULE', 'end_at: must lie in the future'],
    [
      { start_at: '2100-01-01T03:00:00Z', end_at: '2100-01-01T04:00:00Z' },
      ...([400, 'INVALID_SCHEDULE', 'end_at: leaves no occurrence from now on'] as const),
    ],
    [{ name: 'A' }, 400, 'INVALID_BODY', 'name: expected 1 to 63'],
    [{ overlap: 'both' }, 400, 'INVALID_BODY', 'overlap'],
    [{ start_at: 'tomorrow' }, 400, 'INVALID_BODY', 'start_at'],
    [{ crontab: 1 }, 400, 'INVALID_BODY', 'unknown field: crontab'],
    [{ job: { entrypoint: 'true', id: 'mine' } }, 400, 'INVALID_BODY', 'unknown field: job.id'],
    [{ job: { entrypoint: 'true', dry_run: true } }, 400, 'INVALID_BODY', 'unknown field: job.dry_run'],
    [{ job: { entrypoint: '' } }, 400, 'INVALID_BODY', 'job.entrypoint: expected a command'],
    [{ job: { entrypoint: 'true', resources: { cpu: 1 } } }, 400, 'INVALID_BODY', 'unknown field: job.resources.cpu'],
  ])('with what is wrong: %j', async (odd, status, code, detail) => {
    const { url } = await startServer();
    const response = await postJson(`${url}/api/v1/schedules`, { ...GIVEN, ...odd });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code, detail: expect.stringContaining(detail) });
    const { name: _, ...rest } = { ...GIVEN, ...odd };
    if ('name' in odd) return;
    await postJson(`${url}/api/v1/schedules`, GIVEN);
    const change = await patch(`${url}/api/v1/schedules/nightly`, rest);
    expect(await change.json()).toMatchObject({ code, detail: expect.stringContaining(detail) });
  });

  test('where there is one of its name, and none to act on', async () => {
    const { url } = await startServer();
    await postJson(`${url}/api/v1/schedules`, GIVEN);
    const again = await postJson(`${url}/api/v1/schedules`, GIVEN);
    expect([again.status, (await again.json()).code]).toEqual([409, 'SCHEDULE_EXISTS']);
    for (const action of ['pause', 'resume', 'run']) {
      const response = await fetch(`${url}/api/v1/schedules/other/${action}`, { method: 'POST' });
      expect([response.status, (await response.json()).code]).toEqual([404, 'SCHEDULE_NOT_FOUND']);
    }
    expect((await patch(`${url}/api/v1/schedules/other`, {})).status).toBe(404);
  });
});

test('jobs are listed by their schedule', async () => {
  const { url, service } = await startServer();
  await fetch(`${url}/api/v1/jobs?schedule=nightly`);
  expect(service.listed[0]?.filter).toEqual({ schedule: 'nightly' });
});
