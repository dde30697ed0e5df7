import { describe, expect, it } from 'vitest';
import { EnvironmentFailure } from '../../src/environment/environment.ts';
import type { Job } from '../../src/job/job.ts';
import { PATIENCE_MS } from '../engine/until.ts';
import { standingClock } from '../timing/standing-clock.ts';
import { endOf, instantPreparer, startOf, submission, useScheduler } from './scheduler-fixture.ts';

const fixture = useScheduler();

const twice = { maxRetries: 2, initialDelayMs: 1 };
const patient = { maxRetries: 1, initialDelayMs: 3_600_000, maxDelayMs: 3_600_000 };

/** Resolves with the id of the next attempt that is not the one before. */
async function nextAttempt(job: Job, before: string): Promise<string> {
  await expect.poll(async () => (await fixture.engine.orderOf(job.id)).attemptId).not.toBe(before);
  return (await fixture.engine.orderOf(job.id)).attemptId;
}

describe('a job that fails', () => {
  it('is tried again as often as it asked, each attempt with an id, a number and a history of its own', async () => {
    const { service, engine, store } = fixture;
    const job = await service.submit(submission({ retry: twice }));
    const first = await fixture.runs(job, 3);
    const second = await nextAttempt(job, first);
    expect((await service.get(job.id))?.attempt).toMatchObject({ id: second, number: 2 });
    expect(engine.orders.at(-1)?.variables).toMatchObject({ DROVER_ATTEMPT_NUMBER: '2' });
    engine.say(startOf(second));
    engine.say(endOf(second, 4));
    const third = await nextAttempt(job, second);
    engine.say(startOf(third));
    engine.say(endOf(third, 5));
    const ended = await fixture.end(job);
    expect(ended).toMatchObject({ status: 'FAILED', end: { exitCode: 5 }, attempt: { number: 3 }, retry: { made: 2 } });
    expect(
      (await service.pastAttempts(ended)).map(({ number, attempt, end }) => [number, attempt?.id, end.exitCode]),
    ).toEqual([
      [1, first, 3],
      [2, second, 4],
    ]);
    expect((await service.events(job.id, 0, 20)).map(({ type }) => type)).toEqual([
      'submitted',
      ...[
        'handed_over',
        'started',
        'retrying',
        'handed_over',
        'started',
        'retrying',
        'handed_over',
        'started',
        'ended',
      ],
    ]);
    expect(await store.ownedAttempts([first, second, third, 'att-0'])).toEqual(new Set([first, second, third]));
    expect(await store.remove(job.id)).toMatchObject({ outcome: 'removed', attemptIds: [first, second, third] });
  });

  it('says how long it waits to be tried again, and holds nothing meanwhile', async () => {
    const { service, scheduler } = fixture;
    const job = await service.submit(
      submission({ retry: patient, resources: { cpus: 4, gpus: 0, memoryBytes: 0, custom: {} } }),
    );
    await fixture.runs(job, 3);
    const waiting = await service.waitFor(job.id, ({ retry }) => retry !== null, { timeoutMs: PATIENCE_MS });
    if (waiting === null) throw new Error('gone');
    expect(waiting).toMatchObject({ status: 'PENDING', attempt: null, end: null });
    expect(scheduler.pendingReason(waiting)).toMatchObject({
      code: 'RETRY_BACKOFF',
      message: expect.stringMatching(
        /^attempt 2 of 2 begins in 3\d\d\d s; the last one failed: the entrypoint ended with exit code 3$/,
      ),
    });
    await expect.poll(() => scheduler.queueUse('default')).toMatchObject({ running: 0, cpus: 0 });
  });

  it('is stopped while it waits to be tried again', async () => {
    const { service } = fixture;
    const job = await service.submit(submission({ retry: patient }));
    await fixture.runs(job, 3);
    await service.waitFor(job.id, ({ retry }) => retry !== null, { timeoutMs: PATIENCE_MS });
    expect(await service.stop(job.id)).toBe('stopping');
    expect(await fixture.end(job)).toMatchObject({ status: 'STOPPED', attempt: null, retry: { made: 1 } });
  });

  it('is not tried again once it was asked to stop', async () => {
    const { service, engine } = fixture;
    const job = await service.submit(submission({ retry: twice }));
    const { attemptId } = await engine.orderOf(job.id);
    engine.say(startOf(attemptId));
    await service.stop(job.id);
    engine.say(endOf(attemptId, 143));
    expect(await fixture.end(job)).toMatchObject({ status: 'STOPPED', retry: null });
  });

  it('is not tried again for ends that a rule excludes', async () => {
    const { service } = fixture;
    const rules = [{ exitCodes: [3], retry: false }];
    const job = await service.submit(submission({ retry: { ...twice, rules } }));
    await fixture.runs(job, 3);
    expect(await fixture.end(job)).toMatchObject({ status: 'FAILED', retry: null });
  });

  it('is tried again where its environment failed', async () => {
    let tries = 0;
    const prepareAttempt = async () => {
      tries += 1;
      if (tries === 1) throw new EnvironmentFailure('no such file');
      return { workingDirectory: '/tmp', variables: {}, diskBytes: 0 };
    };
    await fixture.restart({ preparer: instantPreparer({ prepareAttempt }) });
    const job = await fixture.service.submit(submission({ retry: twice }));
    await fixture.runs(job, 0);
    const ended = await fixture.end(job);
    expect(ended).toMatchObject({ status: 'SUCCEEDED', attempt: { number: 2 } });
    expect(await fixture.service.pastAttempts(ended)).toMatchObject([
      { number: 1, attempt: null, end: { code: 'ENVIRONMENT_FAILED' } },
    ]);
  });

  it('is tried again by the next server, at the time that was decided', async () => {
    const clock = standingClock();
    await fixture.restart({ now: clock.now });
    const { service } = fixture;
    const soon = await service.submit(submission({ retry: { maxRetries: 1, initialDelayMs: 200 } }));
    const late = await service.submit(submission({ retry: patient }));
    for (const job of [soon, late]) {
      await fixture.runs(job, 3);
      await service.waitFor(job.id, ({ retry }) => retry !== null, { timeoutMs: PATIENCE_MS });
    }
    await fixture.restart({ now: clock.now });
    expect(await fixture.scheduler.recover()).toEqual({ adopted: 0, waiting: 2 });
    clock.pass(200);
    await fixture.runs(soon, 0);
    expect(await fixture.end(soon)).toMatchObject({ status: 'SUCCEEDED', attempt: { number: 2 } });
    expect(fixture.engine.orders.map(({ jobId }) => jobId)).toEqual([soon.id]);
  });
});

describe('a queue', () => {
  it('gives its jobs retries, limits and a life after their end where they ask for none', async () => {
    const { service, queues } = fixture;
    await queues.changeQueue('default', (queue) => ({
      ...queue,
      defaults: {
        maxRetries: 1,
        runLimitMs: 60_000,
        queueLimitMs: 5_000,
        setupLimitMs: 700,
        ttlAfterFinishedMs: 9_000,
      },
      maxRunLimitMs: 50_000,
    }));
    expect((await service.submit(submission())).spec).toMatchObject({
      retry: { maxRetries: 1 },
      timeLimits: { runMs: 50_000, queueMs: 5_000, setupMs: 700 },
      ttlAfterFinishedMs: 9_000,
    });
    const own = submission({ retry: { maxRetries: 0 }, timeLimits: { runMs: 10 }, ttlAfterFinishedMs: 0 });
    const { spec } = await service.submit(own);
    expect(spec.retry).toBeUndefined();
    expect(spec).toMatchObject({ timeLimits: { runMs: 10 }, ttlAfterFinishedMs: 0 });
    await expect(service.submit(submission({ timeLimits: { runMs: 50_001 } }))).rejects.toMatchObject({
      code: 'TIME_LIMIT_TOO_LONG',
    });
  });
});
