import { describe, expect, it } from 'vitest';
import type { ArraySpec } from '../../src/job/array.ts';
import type { DependencyCondition } from '../../src/job/dependency.ts';
import type { Job } from '../../src/job/job.ts';
import type { Submission } from '../../src/jobs/service.ts';
import { PATIENCE_MS } from '../engine/until.ts';
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
    expect(await store.get('arr:2')).toBeNull();
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
      await fixture.service.waitFor('arr', ({ end: found }) => found !== null, { timeoutMs: PATIENCE_MS }),
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

/** Of an element of `arr`. */
const after = (index: number, condition: DependencyCondition) => [{ jobId: `arr:${index}`, condition }];

describe('an element whose turn has not come', () => {
  it('waits, says why and behind how many others, and can be waited for', async () => {
    const { service, scheduler } = fixture;
    await submitArray({ size: 5, maxRunning: null }, { entrypoint: 'echo $DROVER_ARRAY_INDEX' });
    await fixture.engine.orderOf('arr:1');
    const next = await service.get('arr:2');
    const last = await service.get('arr:4');
    if (next === null || last === null) throw new Error('gone');
    expect(last).toMatchObject({
      ...{ id: 'arr:4', status: 'PENDING', attempt: null, array: null, end: null },
      spec: { entrypoint: 'echo $DROVER_ARRAY_INDEX', element: { arrayId: 'arr', index: 4, size: 5 } },
    });
    expect(scheduler.pendingReason(next)).toMatchObject({
      ...{ code: 'TOO_MANY_RUNNING', jobsAhead: 0 },
      message: '2 drivers run already, and at most 2 may at once (max_running); 1st in queue default',
    });
    expect(scheduler.pendingReason(last)).toMatchObject({
      ...{ code: 'TOO_MANY_RUNNING', jobsAhead: 2 },
      message: expect.stringMatching(/^2 elements of its array come before it; of the next: 2 drivers run already, /),
    });
    const outside = ['arr:5', 'arr:04', 'arr:-1', 'arr:1.5', 'arr:', ':2', 'other:2', 'arr:2:1'];
    expect(await Promise.all(outside.map((id) => service.get(id)))).toEqual(outside.map(() => null));

    const ended = service.waitFor('arr:4', ({ end }) => end !== null, { timeoutMs: PATIENCE_MS });
    for (const index of [0, 1, 2, 3, 4]) await runElement(index, 0);
    expect(await ended).toMatchObject({ id: 'arr:4', status: 'SUCCEEDED' });
  });

  it('waits for what its array waits for', async () => {
    const { service, scheduler } = fixture;
    const before = await service.submit(submission({ id: 'app-before' }));
    await submitArray({ size: 2, maxRunning: null }, { after: [{ jobId: before.id, condition: 'ended' }] });
    const element = await service.get('arr:1');
    if (element === null) throw new Error('gone');
    expect(scheduler.pendingReason(element)).toMatchObject({
      ...{ code: 'WAITING_FOR_DEPENDENCY', message: 'its array arr waits for other jobs' },
    });
  });

  it('cannot be stopped or deleted by itself, and says with what', async () => {
    const { service } = fixture;
    await submitArray({ size: 3, maxRunning: 1 });
    await fixture.engine.orderOf('arr:0');
    const refusal = {
      code: 'ELEMENT_NOT_STARTED',
      message: "element 'arr:2' has not become a job: it is stopped and deleted with its array 'arr'",
    };
    await expect(service.stop('arr:2')).rejects.toMatchObject(refusal);
    await expect(service.delete('arr:2')).rejects.toMatchObject(refusal);
  });

  it('holds those that wait for it, with the next server too, until it has done what they wait for', async () => {
    const { service } = fixture;
    await submitArray({ size: 3, maxRunning: 1 });
    const ids = { started: 'app-1', ended: 'app-2', succeeded: 'app-3' } as const;
    for (const condition of ['started', 'ended', 'succeeded'] as const) {
      await service.submit(submission({ id: ids[condition], after: after(2, condition) }));
    }
    await runElement(0, 0);
    await fixture.engine.orderOf('arr:1');
    await restart();
    const { attemptId } = await fixture.store.get('arr:1').then((job) => ({ attemptId: job?.attempt?.id ?? '' }));
    fixture.engine.say(endOf(attemptId));
    await fixture.engine.orderOf('arr:2');
    expect(ordered()).toEqual(['arr:2']);
    await runElement(2, 0);
    for (const id of Object.values(ids)) {
      await fixture.engine.orderOf(id);
      fixture.engine.say(endOf((await fixture.engine.orderOf(id)).attemptId));
    }
  });

  it('has ended with its array, once that is being stopped, and those that waited for it hear of that', async () => {
    const { service } = fixture;
    await submitArray({ size: 3, maxRunning: 1 });
    const { attemptId } = await fixture.engine.orderOf('arr:0');
    const [anyway, inVain] = await Promise.all([
      service.submit(submission({ after: after(2, 'ended') })),
      service.submit(submission({ after: after(2, 'succeeded') })),
    ]);
    const waiting = service.waitFor('arr:2', ({ end }) => end !== null, { timeoutMs: PATIENCE_MS });
    await service.stop('arr');
    const ended = {
      status: 'STOPPED',
      end: { code: 'STOPPED', message: 'the job was manually stopped', exitCode: null },
      endedAtMs: expect.any(Number),
    };
    expect(await waiting).toMatchObject(ended);
    expect(await fixture.end(inVain)).toMatchObject({
      end: {
        code: 'DEPENDENCY_FAILED',
        message: 'job arr:2 was stopped: STOPPED (the job was manually stopped)',
      },
    });
    fixture.engine.say(endOf(attemptId, 143));
    await fixture.runs(anyway, 0);
    expect(await service.get('arr:2')).toMatchObject(ended);
    expect(await service.stop('arr:2')).toBe('already_ended');
    await expect(service.delete('arr:2')).rejects.toMatchObject({ code: 'ELEMENT_NOT_STARTED' });
    // Of what never was a job nothing is kept with its array.
    await service.delete('arr');
    expect(await service.get('arr:2')).toBeNull();
  });

  it('has failed with an array that waited in vain', async () => {
    const { service } = fixture;
    const before = await service.submit(submission());
    const array = await submitArray(
      { size: 2, maxRunning: null },
      { after: [{ jobId: before.id, condition: 'succeeded' }] },
    );
    await fixture.runs(before, 1);
    await fixture.end(array);
    expect(await service.get('arr:1')).toMatchObject({ status: 'FAILED', end: { code: 'DEPENDENCY_FAILED' } });
  });
});
