import { readdir } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { EngineCapacity } from '../../src/engine/engine.ts';
import { EnvironmentFailure } from '../../src/environment/environment.ts';
import { useDirectory } from '../server/use-directory.ts';
import {
  endOf as ends,
  type FixtureOptions,
  instantPreparer,
  openScheduler,
  startOf as runs,
  type SchedulerFixture,
  submission,
} from './scheduler-fixture.ts';

const directory = useDirectory();
let { store, engine, scheduler, service, logged, end, reached, close }: SchedulerFixture = Object.create(null);

async function open(
  preparer = instantPreparer(),
  maxRunning = 10,
  capacity: Partial<EngineCapacity> = {},
  more: FixtureOptions = {},
): Promise<void> {
  ({ store, engine, scheduler, service, logged, end, reached, close } = await openScheduler(directory.path, {
    ...{ preparer, maxRunning, capacity, ...more },
  }));
}

afterEach(() => close());

/** A promise, and what settles it. */
function gate(): { opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

describe('the scheduler', () => {
  it('leads a job from the submit to its end, and frees what it held', async () => {
    await open();
    const job = await service.submit(submission({ resources: { cpus: 4, gpus: 2, memoryBytes: 0, custom: {} } }));
    const next = await service.submit(submission({ resources: { cpus: 1, gpus: 0, memoryBytes: 0, custom: {} } }));
    const { attemptId, gpus } = await engine.orderOf(job.id);
    expect(gpus).toEqual(['0', '1']);
    expect(scheduler.pendingReason(next)?.message).toBe('needs 1 cpus: 4 in all, 4 in use; 1st in queue default');
    engine.say(runs(attemptId));
    await reached(job, 'RUNNING');
    engine.say(ends(attemptId, 3));
    expect(await end(job)).toMatchObject({ status: 'FAILED', end: { code: 'ENTRYPOINT_FAILED', exitCode: 3 } });
    engine.say(ends((await engine.orderOf(next.id)).attemptId));
    expect(await end(next)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('takes news that come twice once', async () => {
    await open(instantPreparer(), 1);
    const job = await service.submit(submission());
    const { attemptId } = await engine.orderOf(job.id);
    for (const observation of [runs(attemptId), runs(attemptId), ends(attemptId), ends(attemptId)])
      engine.say(observation);
    await end(job);
    const history = await service.events(job.id, 0, 100);
    expect(history.map(({ type }) => type)).toEqual(['submitted', 'handed_over', 'started', 'ended']);
    // Had the slot been given back twice, two jobs would be handed over now.
    const others = [await service.submit(submission()), await service.submit(submission())];
    await engine.orderOf(others[0]?.id ?? '');
    await store.counts();
    expect(engine.orders).toHaveLength(2);
    expect(scheduler.pendingReason(others[1] ?? job)).toMatchObject({ code: 'TOO_MANY_RUNNING' });
    expect(logged).toEqual([]);
  });

  it('gives an attempt that never started a driver another try, which is no retry', async () => {
    await open();
    const job = await service.submit(submission());
    const first = await engine.orderOf(job.id);
    engine.say({ kind: 'withdrawn', attemptId: first.attemptId, reason: 'no driver was started' });
    await expect.poll(() => engine.orders.filter(({ jobId }) => jobId === job.id).length).toBe(2);
    const second = await engine.orderOf(job.id);
    expect(second.attemptId).not.toBe(first.attemptId);
    engine.say(ends(second.attemptId));
    expect(await end(job)).toMatchObject({ status: 'SUCCEEDED', attempt: { number: 1 } });
  });

  it('tries again where the engine could not take an attempt, and says so meanwhile', async () => {
    // Long enough to be seen.
    await open(instantPreparer(), 10, {}, { retryDelayMs: 2_000 });
    engine.failNext(new Error('no space left on device'));
    const job = await service.submit(submission());
    await expect
      .poll(() => scheduler.pendingReason(job))
      .toMatchObject({
        code: 'ENGINE_UNAVAILABLE',
        message: expect.stringContaining('no space left on device'),
      });
    engine.say(ends((await engine.orderOf(job.id)).attemptId));
    expect(await end(job)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('ends a job with the reason where its environment cannot be made, and leaves no folder', async () => {
    const prepareAttempt = () => Promise.reject(new EnvironmentFailure('file:///x.zip is not a zip archive'));
    await open(instantPreparer({ prepareAttempt }));
    const job = await service.submit(submission());
    expect(await end(job)).toMatchObject({
      status: 'FAILED',
      end: { code: 'ENVIRONMENT_FAILED', message: 'file:///x.zip is not a zip archive', exitCode: null },
    });
    expect(engine.orders).toEqual([]);
    await expect
      .poll(async () => (await readdir(directory.path)).filter((name) => name.startsWith('att-')))
      .toEqual([]);
  });
});

describe('a stop', () => {
  it('ends a job that waits, at once', async () => {
    await open(instantPreparer(), 1);
    const holder = await service.submit(submission());
    await engine.orderOf(holder.id);
    const job = await service.submit(submission());
    expect(await service.stop(job.id)).toBe('stopping');
    expect(await end(job)).toMatchObject({ status: 'STOPPED', end: { exitCode: null }, attempt: null });
    expect(await service.stop(job.id)).toBe('already_ended');
  });

  it('ends the preparation of what jobs share', async () => {
    const began = gate();
    const prepareShared = (_: unknown, signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        began.open();
      });
    await open(instantPreparer({ needsSharedPart: () => true, prepareShared }));
    const job = await service.submit(submission());
    await began.opened;
    expect(scheduler.pendingReason(job)).toMatchObject({ code: 'PREPARING_ENVIRONMENT' });
    await service.stop(job.id);
    expect(await end(job)).toMatchObject({ status: 'STOPPED' });
  });

  it('wins over a start that is under way: nothing is handed over any more', async () => {
    const began = gate();
    const goOn = gate();
    const prepareAttempt = async () => {
      began.open();
      await goOn.opened;
      return { workingDirectory: '/tmp', variables: {}, diskBytes: 0 };
    };
    await open(instantPreparer({ prepareAttempt }));
    const job = await service.submit(submission());
    await began.opened;
    await service.stop(job.id);
    goOn.open();
    expect(await end(job)).toMatchObject({ status: 'STOPPED', attempt: null });
    expect(engine.orders).toEqual([]);
  });

  it('reaches the engine when it comes right behind the hand-over', async () => {
    await open();
    const job = await service.submit(submission({ stopGraceMs: 300 }));
    const { attemptId } = await engine.orderOf(job.id);
    await service.stop(job.id);
    await expect.poll(() => engine.stops).toEqual([{ attemptId, graceMs: 300, signal: 'SIGTERM' }]);
    engine.say({ kind: 'withdrawn', attemptId, reason: 'the claim was taken first' });
    expect(await end(job)).toMatchObject({ status: 'STOPPED', end: { exitCode: null } });
  });

  it('begins with the signal that the job has asked for', async () => {
    await open();
    const job = await service.submit(submission({ stopGraceMs: 300, stopSignal: 'SIGINT' }));
    const { attemptId } = await engine.orderOf(job.id);
    await service.stop(job.id);
    await expect.poll(() => engine.stops).toEqual([{ attemptId, graceMs: 300, signal: 'SIGINT' }]);
    engine.say({ kind: 'ended', attemptId, exitCode: 0, endedAtMs: Date.now(), outOfMemory: false });
    expect(await end(job)).toMatchObject({ status: 'STOPPED', stop: { signal: 'SIGINT' } });
  });

  it('makes a driver that is lost meanwhile STOPPED all the same', async () => {
    await open();
    const job = await service.submit(submission());
    const { attemptId } = await engine.orderOf(job.id);
    engine.say(runs(attemptId));
    await service.stop(job.id);
    engine.say({ kind: 'lost', attemptId, atMs: Date.now(), reason: 'the supervisor was killed' });
    expect(await end(job)).toMatchObject({ status: 'STOPPED', end: { message: 'the job was manually stopped' } });
  });
});

describe('recovery', () => {
  it('takes up each job where it stands', async () => {
    await open(instantPreparer(), 3);
    const [running, handedOver, stopped] = await Promise.all([0, 1, 2].map(() => service.submit(submission())));
    if (running === undefined || handedOver === undefined || stopped === undefined) throw new Error('not submitted');
    const orders = await Promise.all([running, handedOver, stopped].map(({ id }) => engine.orderOf(id)));
    engine.say(runs(orders[0]?.attemptId ?? ''));
    await reached(running, 'RUNNING');
    await service.stop(stopped.id, { graceMs: 60_000 });
    const waiting = await service.submit(submission());
    await close();

    await open(instantPreparer(), 3);
    expect(await scheduler.recover()).toEqual({ adopted: 3, waiting: 1 });
    expect(engine.followed.map(({ jobId, started }) => [jobId, started])).toEqual([
      [running.id, true],
      [handedOver.id, false],
      [stopped.id, false],
    ]);
    expect(engine.stops.map(({ attemptId }) => attemptId)).toEqual([orders[2]?.attemptId]);
    expect(engine.stops[0]?.graceMs).toBeGreaterThan(50_000);
    expect(scheduler.pendingReason(waiting)).toMatchObject({ code: 'TOO_MANY_RUNNING' });
    engine.say(ends(orders[0]?.attemptId ?? ''));
    expect((await engine.orderOf(waiting.id)).jobId).toBe(waiting.id);
  });

  it('fails a job that this machine can no longer run', async () => {
    await open(instantPreparer(), 1);
    const holder = await service.submit(submission());
    await engine.orderOf(holder.id);
    const big = await service.submit(submission({ resources: { cpus: 4, gpus: 0, memoryBytes: 0, custom: {} } }));
    await close();
    await open(instantPreparer(), 1, { cpus: 2 });
    await scheduler.recover();
    expect(await end(big)).toMatchObject({
      status: 'FAILED',
      end: { code: 'UNSCHEDULABLE', message: 'the job asks for 4 cpus, and this machine has 2 cpus in all' },
    });
  });
});
