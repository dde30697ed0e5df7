import { describe, expect, it } from 'vitest';
import { startAnswering } from './fixture/answering.ts';
import { makeJob } from './fixture/job.ts';
import { makeSchedule } from './fixture/schedule.ts';

describe('schedules', () => {
  it('are listed and shown', async () => {
    const nightly = { ...makeSchedule({ name: 'nightly' }), invented_later: 1 };
    const { client, requests } = await startAnswering({ ...nightly, schedules: [nightly] });
    expect(await client.schedules.list()).toEqual([nightly]);
    expect(await client.schedules.list({ tenant: 'a b' })).toEqual([nightly]);
    expect(await client.schedules.get('nightly')).toMatchObject(nightly);
    await client.schedules.get('nightly', { next: 20 });
    expect(requests).toEqual([
      'GET /api/v1/schedules',
      'GET /api/v1/schedules?tenant=a+b',
      'GET /api/v1/schedules/nightly',
      'GET /api/v1/schedules/nightly?next=20',
    ]);
  });

  it('are created and changed with no more than what was given', async () => {
    const nightly = makeSchedule({ name: 'nightly' });
    const { client, requests, bodies, tenants } = await startAnswering(nightly);
    const given = { name: 'nightly', cron: '0 3 * * *', job: { entrypoint: 'true' } };
    expect(await client.schedules.create(given, { tenant: 'blue' })).toEqual(nightly);
    expect(await client.schedules.change('nightly', { end_at: null })).toEqual(nightly);
    expect(requests).toEqual(['POST /api/v1/schedules', 'PATCH /api/v1/schedules/nightly']);
    expect(bodies).toEqual([given, { end_at: null }]);
    expect(tenants).toEqual(['blue', undefined]);
  });

  it('are paused, resumed, run and deleted', async () => {
    const { client, requests } = await startAnswering({
      ...makeSchedule({ name: 'nightly' }),
      ...makeJob({ id: 'j1' }),
    });
    expect(await client.schedules.pause('nightly')).toMatchObject({ name: 'nightly' });
    expect(await client.schedules.resume('nightly')).toMatchObject({ name: 'nightly' });
    expect(await client.schedules.run('nightly')).toMatchObject({ id: 'j1' });
    expect(await client.schedules.delete('nightly')).toBeUndefined();
    expect(requests).toEqual([
      'POST /api/v1/schedules/nightly/pause',
      'POST /api/v1/schedules/nightly/resume',
      'POST /api/v1/schedules/nightly/run',
      'DELETE /api/v1/schedules/nightly',
    ]);
  });

  it('have names that reach no other route, and jobs that are listed by them', async () => {
    const { client, requests } = await startAnswering({ jobs: [], next_cursor: null });
    await client.list({ schedule: 'nightly' });
    for (const name of ['', '.', '..']) {
      await expect(client.schedules.delete(name)).rejects.toMatchObject({ code: 'SCHEDULE_NOT_FOUND', status: 404 });
    }
    expect(requests).toEqual(['GET /api/v1/jobs?schedule=nightly']);
  });

  it('are told from what a stranger answers', async () => {
    const { client } = await startAnswering({ hello: 'world' });
    for (const call of [client.schedules.list(), client.schedules.get('a'), client.schedules.run('a')]) {
      await expect(call).rejects.toMatchObject({ code: 'UNEXPECTED_ANSWER' });
    }
  });
});
