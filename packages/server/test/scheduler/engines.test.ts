import { describe, expect, it } from 'vitest';
import { newQueue } from '../../src/queue/queue.ts';
import { standingClock } from '../timing/standing-clock.ts';
import { startOf, submission, useScheduler } from './scheduler-fixture.ts';

const fixture = useScheduler({ clusterSlots: 4 });

describe('a server with several engines', () => {
  it('hands a job to the engine that it names, and says where its driver runs', async () => {
    const job = await fixture.service.submit(submission({ engine: 'cluster', engineOptions: { image: 'x' } }));
    const order = await fixture.cluster.orderOf(job.id);
    expect(order.engineOptions).toEqual({ image: 'x' });
    const node = { id: 'n7', address: '10.0.0.7' };
    fixture.cluster.say({ kind: 'started', attemptId: order.attemptId, driverPid: 7, startedAtMs: 1, node });
    const running = await fixture.reached(job, 'RUNNING');
    expect(running.attempt).toMatchObject({ engine: 'cluster', nodeId: 'n7', nodeAddress: '10.0.0.7' });
    expect(fixture.engine.orders).toEqual([]);
    await fixture.service.stop(job.id);
    expect(fixture.cluster.stops).toHaveLength(1);
  });

  it('takes the engine of the queue, and its options where the job does not say them itself', async () => {
    const engineOptions = { partition: 'gpu', account: 'a' };
    await fixture.queues.createQueue({ ...newQueue('hpc'), engine: 'cluster', engineOptions });
    const job = await fixture.service.submit(submission({ queue: 'hpc', engineOptions: { account: 'b' } }));
    expect(job.spec).toMatchObject({ engine: 'cluster', engineOptions: { partition: 'gpu', account: 'b' } });
    const local = await fixture.service.submit(submission({ queue: 'hpc', engine: 'local' }));
    expect(local.spec.engineOptions).toBeUndefined();
    expect(local.spec.engine).toBeUndefined();
  });

  it('refuses an engine that is not there, and options that the engine does not take', async () => {
    await fixture.restart({ clusterIs: { checkOptions: () => "'colour' is not known" } });
    await expect(fixture.service.submit(submission({ engine: 'mars' }))).rejects.toMatchObject({
      code: 'UNKNOWN_ENGINE',
      message: "this server has no engine 'mars'; there are local, cluster",
    });
    const odd = submission({ engine: 'cluster', engineOptions: { colour: 'red' } });
    await expect(fixture.service.submit(odd)).rejects.toMatchObject({ code: 'INVALID_ENGINE_OPTIONS' });
    await fixture.restart({ clusterIs: { checkOptions: ({ colour }) => (colour === 'red' ? 'red is out' : null) } });
    const hpc = { ...newQueue('hpc'), engine: 'cluster', engineOptions: { colour: 'red' } };
    await expect(fixture.queues.createQueue(hpc)).rejects.toMatchObject({
      message: "engine 'cluster' does not take these engine_options: red is out",
    });
    // Taken by a server whose engine allowed it.
    await fixture.store.rules.putQueue(hpc);
    await fixture.restart({ clusterIs: { checkOptions: ({ colour }) => (colour === 'red' ? 'red is out' : null) } });
    await expect(fixture.service.submit(submission({ queue: 'hpc' }))).rejects.toMatchObject({
      message: "engine 'cluster' does not take these engine_options: red is out, and queue 'hpc' sets it",
    });
    const own = submission({ queue: 'hpc', engineOptions: { colour: 'red' } });
    await expect(fixture.service.submit(own)).rejects.toMatchObject({
      message: "engine 'cluster' does not take these engine_options: red is out",
    });
    const queue = { ...newQueue('q'), engine: 'mars' };
    await expect(fixture.queues.createQueue(queue)).rejects.toMatchObject({ code: 'UNKNOWN_ENGINE' });
  });

  it('refuses an environment that the engine cannot have, and takes the image of the environment', async () => {
    await fixture.restart({ clusterIs: { sharesDisk: false, runsContainers: true } });
    const native = { engine: 'cluster', door: 'native' } as const;
    const withPip = submission({ ...native, runtimeEnv: { pip: ['six'] } });
    await expect(fixture.service.submit(withPip)).rejects.toMatchObject({ code: 'INVALID_ENVIRONMENT' });
    const withImage = submission({ ...native, runtimeEnv: { image_uri: 'python:3' } });
    const { spec } = await fixture.service.submit(withImage);
    expect(spec.engineOptions).toEqual({ image: 'python:3' });
  });

  it('says why a job waits in a queue of the engine, and why it cannot be reached', async () => {
    let trouble: string | null = null;
    const clusterIs = { reasonToWait: () => 'waits for resources', trouble: () => trouble };
    await fixture.restart({ clusterIs });
    const { id } = await fixture.service.submit(submission({ engine: 'cluster' }));
    await fixture.cluster.orderOf(id);
    const reason = async () => {
      const job = await fixture.service.get(id);
      return job === null ? null : fixture.service.pendingReason(job);
    };
    expect(await reason()).toMatchObject({ code: 'WAITING_IN_ENGINE', message: 'waits for resources' });
    trouble = 'the controller does not answer';
    expect(await reason()).toMatchObject({ code: 'ENGINE_UNAVAILABLE', message: trouble });
  });

  it('counts the time in the queue until the driver begins, also where the engine queues it', async () => {
    const clock = standingClock();
    await fixture.restart({ now: clock.now });
    const job = await fixture.service.submit(submission({ engine: 'cluster', timeLimits: { queueMs: 50 } }));
    const { attemptId } = await fixture.cluster.orderOf(job.id);
    clock.pass(50);
    await expect.poll(() => fixture.cluster.stops).toHaveLength(1);
    fixture.cluster.say({ kind: 'withdrawn', attemptId, reason: 'it was stopped before it began' });
    expect(await fixture.end(job)).toMatchObject({ status: 'FAILED', end: { code: 'QUEUE_TIME_LIMIT' } });
  });

  it('leaves a driver alone that began in time while no server ran', async () => {
    const clock = standingClock();
    await fixture.restart({ now: clock.now });
    const job = await fixture.service.submit(submission({ engine: 'cluster', timeLimits: { queueMs: 200 } }));
    const { attemptId } = await fixture.cluster.orderOf(job.id);
    await fixture.scheduler.close();
    clock.pass(201);

    await fixture.restart({ now: clock.now });
    await fixture.scheduler.recover();
    await expect.poll(() => fixture.cluster.followed).toHaveLength(1);
    // What was due at once would have happened by now.
    await fixture.engine.orderOf((await fixture.service.submit(submission())).id);
    fixture.cluster.say(startOf(attemptId));
    await fixture.reached(job, 'RUNNING');
    expect(fixture.cluster.stops).toEqual([]);
  });

  it('goes on with what an engine runs that is configured again', async () => {
    const job = await fixture.service.submit(submission({ engine: 'cluster' }));
    const { attemptId } = await fixture.cluster.orderOf(job.id);
    fixture.cluster.say(startOf(attemptId));
    await fixture.reached(job, 'RUNNING');
    await fixture.restart({ clusterSlots: null });
    await fixture.scheduler.recover();
    const waiting = await fixture.service.submit(submission());
    await fixture.engine.orderOf(waiting.id);
    expect(await fixture.service.get(job.id)).toMatchObject({ status: 'RUNNING' });
    await fixture.restart();
    await fixture.scheduler.recover();
    expect(fixture.cluster.followed).toMatchObject([{ attemptId, started: true }]);
  });

  it('shows one that it has no longer, with the jobs that wait for it and those that it was given', async () => {
    await fixture.restart({ clusterSlots: 1 });
    await fixture.scheduler.recover();
    const [given] = await Promise.all([
      fixture.service.submit(submission({ id: 'given', engine: 'cluster' })),
      fixture.service.submit(submission({ engine: 'cluster', array: { size: 3, maxRunning: null }, id: 'many' })),
    ]);
    await fixture.cluster.orderOf(given.id);
    expect(fixture.scheduler.cluster().engines).toMatchObject([
      { name: 'local', waiting: 0, isAbsent: false },
      { name: 'cluster', waiting: 3, isAbsent: false, inUse: { running: 1 } },
    ]);
    await fixture.restart({ clusterSlots: null });
    await fixture.scheduler.recover();
    const shown = () => fixture.scheduler.cluster().engines[1];
    await expect.poll(shown).toMatchObject({
      ...{ name: 'cluster', waiting: 3, isAbsent: true, capacity: { running: 0 }, inUse: { running: 1 } },
      trouble:
        'this server has no engine cluster; its configuration names those that it has; ' +
        'jobs that wait for it: 3, that were given to it before: 1',
    });
    await fixture.service.stop('many');
    await expect.poll(shown).toMatchObject({ waiting: 0 });
    await fixture.restart();
    await fixture.scheduler.recover();
    await expect.poll(() => fixture.cluster.followed).toHaveLength(1);
    expect(fixture.scheduler.cluster().engines).toHaveLength(2);
    expect(shown()).toMatchObject({ name: 'cluster', isAbsent: false });
  });

  it('says that a stop cannot be carried out while it has not the engine, and carries it out when it has', async () => {
    const { id } = await fixture.service.submit(submission({ engine: 'cluster' }));
    const array = await fixture.service.submit(
      submission({ id: 'arr', engine: 'cluster', array: { size: 9, maxRunning: 1 } }),
    );
    await Promise.all([id, 'arr:0'].map((known) => fixture.cluster.orderOf(known)));
    await fixture.restart({ clusterSlots: null });
    await fixture.scheduler.recover();
    const { service, scheduler } = fixture;
    const trouble = 'this server has no engine cluster, and carries the stop out once it is configured again';
    const told = async (known: string) => {
      const job = await service.get(known);
      return job === null ? null : service.stopTrouble(job);
    };
    expect(await told(id)).toBeNull();
    for (const known of [id, array.id]) {
      await service.stop(known);
      expect(await told(known)).toBe(trouble);
    }
    await expect.poll(() => told('arr:0')).toBe(trouble);
    const stopped = await service.get(id);
    expect(stopped === null ? null : scheduler.pendingReason(stopped)).toMatchObject({
      ...{ code: 'STOPPING', message: `is being stopped: ${trouble}` },
    });
    await fixture.restart();
    await fixture.scheduler.recover();
    await expect.poll(() => fixture.cluster.stops).toHaveLength(2);
    const now = await fixture.service.get(id);
    expect(now === null ? null : fixture.service.stopTrouble(now)).toBeNull();
  });
});
