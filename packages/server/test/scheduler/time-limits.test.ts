import { describe, expect, it } from 'vitest';
import { PATIENCE_MS } from '../engine/until.ts';
import { standingClock } from '../timing/standing-clock.ts';
import { endOf, startOf, submission, useScheduler } from './scheduler-fixture.ts';

const fixture = useScheduler({ maxRunning: 1 });

describe('the time that a driver may run', () => {
  it('ends it with the grace of the job, and makes a failure of it whatever its exit code', async () => {
    const { service, engine } = fixture;
    const job = await service.submit(submission({ timeLimits: { runMs: 30 }, stopGraceMs: 700, stopSignal: 'SIGINT' }));
    const { attemptId } = await engine.orderOf(job.id);
    engine.say(startOf(attemptId, Date.now()));
    await expect.poll(() => engine.stops).toEqual([{ attemptId, graceMs: 700, signal: 'SIGINT' }]);
    engine.say(endOf(attemptId, 0));
    expect(await fixture.end(job)).toMatchObject({
      status: 'FAILED',
      end: { code: 'TIME_LIMIT', message: 'the driver has run for 0.03 s, which is its limit', exitCode: 0 },
    });
  });

  it('is nothing that is tried again, unless a rule says so', async () => {
    const { service, engine } = fixture;
    const timeLimits = { runMs: 20 };
    const plain = await service.submit(submission({ timeLimits, retry: { maxRetries: 3, initialDelayMs: 1 } }));
    const first = await engine.orderOf(plain.id);
    engine.say(startOf(first.attemptId, Date.now()));
    await expect.poll(() => engine.stops).toHaveLength(1);
    engine.say(endOf(first.attemptId, 143));
    expect(await fixture.end(plain)).toMatchObject({ status: 'FAILED', retry: null });
    const rules = [{ codes: ['TIME_LIMIT'] as const, retry: true }];
    const asked = await service.submit(submission({ timeLimits, retry: { maxRetries: 3, initialDelayMs: 1, rules } }));
    const second = await engine.orderOf(asked.id);
    engine.say(startOf(second.attemptId, Date.now()));
    await expect.poll(() => engine.stops).toHaveLength(2);
    engine.say(endOf(second.attemptId, 143));
    const again = await service.waitFor(asked.id, ({ attempt }) => attempt?.number === 2, { timeoutMs: PATIENCE_MS });
    expect(again).toMatchObject({ stop: null, retry: { last: { end: { code: 'TIME_LIMIT', exitCode: 143 } } } });
  });

  it('is watched over by the next server, and carried on where it was reached', async () => {
    const { service, engine } = fixture;
    const job = await service.submit(submission({ timeLimits: { runMs: 300 } }));
    const { attemptId } = await engine.orderOf(job.id);
    engine.say(startOf(attemptId, Date.now()));
    await fixture.reached(job, 'RUNNING');
    await fixture.restart();
    await fixture.scheduler.recover();
    await expect.poll(() => fixture.engine.stops).toHaveLength(1);
    await fixture.restart();
    await fixture.scheduler.recover();
    expect(fixture.engine.stops).toMatchObject([{ attemptId }]);
    fixture.engine.say({ kind: 'lost', attemptId, atMs: Date.now(), reason: 'the machine was restarted' });
    expect(await fixture.end(job)).toMatchObject({ status: 'FAILED', end: { code: 'TIME_LIMIT', exitCode: null } });
  });

  it('decides nothing where the driver had ended before, and only the next server hears of that', async () => {
    const { service, engine } = fixture;
    const startedAtMs = Date.now();
    const timeLimits = { runMs: 1_500 };
    const retry = { maxRetries: 1, initialDelayMs: 1 };
    const job = await service.submit(submission({ timeLimits, retry }));
    const { attemptId } = await engine.orderOf(job.id);
    engine.say(startOf(attemptId, startedAtMs));
    await fixture.reached(job, 'RUNNING');
    await fixture.restart();
    await fixture.scheduler.recover();
    await expect.poll(() => fixture.engine.stops).toHaveLength(1);
    fixture.engine.say(endOf(attemptId, 3, startedAtMs + 200));
    const second = await fixture.engine.orderOf(job.id);
    expect((await fixture.service.get(job.id))?.retry).toMatchObject({
      last: { end: { code: 'ENTRYPOINT_FAILED', exitCode: 3 }, endedAtMs: startedAtMs + 200 },
    });
    const againAtMs = Date.now();
    fixture.engine.say(startOf(second.attemptId, againAtMs));
    await expect.poll(() => fixture.engine.stops).toHaveLength(2);
    fixture.engine.say(endOf(second.attemptId, 0, againAtMs + 200));
    expect(await fixture.end(job)).toMatchObject({
      status: 'SUCCEEDED',
      stop: null,
      end: { code: 'NONE', exitCode: 0 },
    });
  });

  it('gives way to a request: the job ends STOPPED', async () => {
    const { service, engine } = fixture;
    const job = await service.submit(submission({ timeLimits: { runMs: 20 }, stopGraceMs: 60_000 }));
    const { attemptId } = await engine.orderOf(job.id);
    engine.say(startOf(attemptId, Date.now()));
    await expect.poll(() => engine.stops).toHaveLength(1);
    expect(await service.stop(job.id, { graceMs: 10 })).toBe('stopping');
    engine.say(endOf(attemptId, 143));
    expect(await fixture.end(job)).toMatchObject({ status: 'STOPPED', stop: { graceMs: 10 } });
  });
});

describe('the time that a job may wait', () => {
  it('fails it where its turn has not come', async () => {
    const { service, engine } = fixture;
    const holder = await service.submit(submission());
    await engine.orderOf(holder.id);
    const job = await service.submit(
      submission({ timeLimits: { queueMs: 40 }, retry: { maxRetries: 5, initialDelayMs: 1 } }),
    );
    expect(await fixture.end(job)).toMatchObject({
      status: 'FAILED',
      attempt: null,
      end: { code: 'QUEUE_TIME_LIMIT', message: 'the job has waited 0.04 s for its turn, which is its limit' },
    });
  });

  it('is not counted any more once it has had its turn', async () => {
    const clock = standingClock();
    await fixture.restart({ now: clock.now });
    const { service, engine } = fixture;
    const job = await service.submit(
      submission({ timeLimits: { queueMs: 150 }, retry: { maxRetries: 1, initialDelayMs: 300 } }),
    );
    const first = await fixture.runs(job, 1);
    await service.waitFor(job.id, ({ retry }) => retry !== null, { timeoutMs: PATIENCE_MS });
    clock.pass(300);
    await expect.poll(async () => (await engine.orderOf(job.id)).attemptId).not.toBe(first);
    await fixture.runs(job, 0);
    expect(await fixture.end(job)).toMatchObject({ status: 'SUCCEEDED' });
  });
});
