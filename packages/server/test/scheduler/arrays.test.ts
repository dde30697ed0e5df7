import { describe, expect, it } from 'vitest';
import type { ArraySpec } from '../../src/job/array.ts';
import type { Job } from '../../src/job/job.ts';
import type { Submission } from '../../src/jobs/service.ts';
import { endOf, startOf, submission, useScheduler } from './scheduler-fixture.ts';

const fixture = useScheduler({ maxRunning: 2 });

const submitArray = (array: ArraySpec, fields: Partial<Submission> = {}): Promise<Job> =>
  fixture.service.submit(submission({ id: 'arr', array, ...fields }));

/** The driver of an element runs, and ends with this code. */
async function runElement(index: number, exitCode: number, id = `arr:${index}`): Promise<void> {
  const { attemptId, variables } = await fixture.engine.orderOf(id);
  expect(variables).toMatchObject({ DROVER_ARRAY_ID: 'arr', DROVER_ARRAY_INDEX: `${index}`, DROVER_JOB_ID: id });
  fixture.engine.say(startOf(attemptId));
  fixture.engine.say(endOf(attemptId, exitCode));
}

async function restart(): Promise<void> {
  await fixture.restart();
  await fixture.scheduler.recover();
}

const ordered = () => fixture.engine.orders.map(({ jobId }) => jobId);

describe('an array', () => {
  it('makes a job of each element when its turn has come, and ends when all have succeeded', async () => {
    const { service, store } = fixture;
    const array = await submitArray({ size: 4, maxRunning: null });
    await fixture.engine.orderOf('arr:1');
    expect(await service.get('arr:2')).toBeNull();
    for (const index of [0, 1, 2, 3]) await runElement(index, 0);
    const ended = await fixture.end(array);
    expect(ended).toMatchObject({
      status: 'SUCCEEDED',
      end: { exitCode: 0 },
      array: { next: 4, counts: { PENDING: 0, RUNNING: 0, SUCCEEDED: 4, FAILED: 0, STOPPED: 0 } },
    });
    expect(await service.get('arr:3')).toMatchObject({
      status: 'SUCCEEDED',
      spec: { element: { arrayId: 'arr', index: 3, size: 4 } },
    });
    expect((await service.events('arr', 0, 20)).map(({ type }) => type)).toEqual(['submitted', 'started', 'ended']);
    expect(await store.counts()).toMatchObject({ SUCCEEDED: 5, PENDING: 0, RUNNING: 0 });
  });

  it('fails with the number and the first reason where elements do, and runs the others all the same', async () => {
    const array = await submitArray({ size: 3, maxRunning: 1 });
    await runElement(0, 0);
    await runElement(1, 7);
    await runElement(2, 9);
    expect(await fixture.end(array)).toMatchObject({
      status: 'FAILED',
      end: {
        code: 'ELEMENTS_FAILED',
        message:
          '2 of 3 elements did not succeed; the first: arr:1 (ENTRYPOINT_FAILED: the entrypoint ended with exit code 7)',
        exitCode: 1,
      },
    });
    expect(ordered()).toEqual(['arr:0', 'arr:1', 'arr:2']);
  });

  it('tries each element again by its policy', async () => {
    const array = await submitArray({ size: 1, maxRunning: null }, { retry: { maxRetries: 1, initialDelayMs: 1 } });
    const first = (await fixture.engine.orderOf('arr:0')).attemptId;
    await runElement(0, 1);
    await expect.poll(async () => (await fixture.engine.orderOf('arr:0')).attemptId).not.toBe(first);
    await runElement(0, 0);
    expect(await fixture.end(array)).toMatchObject({ status: 'SUCCEEDED', retry: null });
  });

  it('goes on with the next server where it was, each element once', async () => {
    const array = await submitArray({ size: 4, maxRunning: null });
    await runElement(0, 0);
    await fixture.engine.orderOf('arr:2');
    const adopted = await Promise.all(['arr:1', 'arr:2'].map((id) => fixture.engine.orderOf(id)));
    await restart();
    for (const { attemptId } of adopted) {
      fixture.engine.say(startOf(attemptId));
      fixture.engine.say(endOf(attemptId));
    }
    await runElement(3, 0);
    expect(await fixture.end(array)).toMatchObject({
      status: 'SUCCEEDED',
      array: { next: 4, counts: { SUCCEEDED: 4 } },
    });
    expect(ordered()).toEqual(['arr:3']);
  });

  it('ends with the next server where its last element ended before anybody could say so', async () => {
    const { store } = fixture;
    await submitArray({ size: 1, maxRunning: null });
    const { attemptId } = await fixture.engine.orderOf('arr:0');
    await fixture.scheduler.close();
    const end = { status: 'SUCCEEDED', code: 'NONE', message: '', exitCode: 0 } as const;
    await store.apply('arr:0', { type: 'end', atMs: 5, attemptId, end, logBytes: 0 });
    expect(await store.get('arr')).toMatchObject({ status: 'PENDING', array: { counts: { SUCCEEDED: 1 } } });
    await restart();
    expect(
      await fixture.service.waitFor('arr', ({ end: found }) => found !== null, { timeoutMs: 10_000 }),
    ).toMatchObject({
      status: 'SUCCEEDED',
    });
  });

  it('stops what runs of it, starts no more, and ends STOPPED', async () => {
    const { service, engine } = fixture;
    const array = await submitArray({ size: 1_000, maxRunning: null }, { stopGraceMs: 300 });
    const orders = await Promise.all(['arr:0', 'arr:1'].map((id) => engine.orderOf(id)));
    expect(await service.stop('arr')).toBe('stopping');
    await expect.poll(() => engine.stops.length).toBe(2);
    for (const { attemptId } of orders) engine.say(endOf(attemptId, 143));
    expect(await fixture.end(array)).toMatchObject({ status: 'STOPPED', array: { next: 2, counts: { STOPPED: 2 } } });
    // Those that start side by side are handed over as their folders are ready.
    expect(ordered().sort()).toEqual(['arr:0', 'arr:1']);
    expect(fixture.scheduler.queueUse('default')).toMatchObject({ waiting: 0 });
  });

  it('waits as a whole for other jobs, and others wait for its end', async () => {
    const { service } = fixture;
    const before = await service.submit(submission({ id: 'app-before' }));
    const array = await submitArray(
      { size: 2, maxRunning: 1 },
      { after: [{ jobId: before.id, condition: 'succeeded' }] },
    );
    const after = await service.submit(
      submission({ id: 'app-after', after: [{ jobId: 'arr', condition: 'succeeded' }] }),
    );
    await fixture.runs(before, 0);
    await runElement(0, 0);
    await runElement(1, 0);
    await fixture.end(array);
    await fixture.runs(after, 0);
    expect(ordered()).toEqual(['app-before', 'arr:0', 'arr:1', 'app-after']);
  });

  it('is deleted with its elements', async () => {
    const { service } = fixture;
    const array = await submitArray({ size: 2, maxRunning: null });
    for (const index of [0, 1]) await runElement(index, 0);
    await fixture.end(array);
    expect(await service.delete('arr')).toBe('deleted');
    expect(await Promise.all(['arr', 'arr:0', 'arr:1'].map((id) => service.get(id)))).toEqual([null, null, null]);
  });

  it('of a hundred thousand elements is taken as one job', async () => {
    const array = await submitArray({ size: 100_000, maxRunning: null });
    await fixture.engine.orderOf('arr:1');
    expect(await fixture.service.get('arr')).toMatchObject({ array: { next: 2 } });
    expect(fixture.scheduler.queueUse('default')).toMatchObject({ waiting: 99_998, running: 2 });
    expect(fixture.scheduler.pendingReason(array)).toMatchObject({ code: 'TOO_MANY_RUNNING', jobsAhead: 0 });
  });
});
