import { describe, expect, it } from 'vitest';
import { absentEngine } from '../../src/engine/absent-engine.ts';
import type { JsonObject } from '../../src/job/job.ts';
import { NO_RESOURCES } from '../../src/job/resources.ts';
import { NO_LIMITS, newQueue } from '../../src/queue/queue.ts';
import { openQueueService } from '../../src/queues/queue-service.ts';
import { memoryRuleStore } from './memory-rule-store.ts';
import { ruleScheduler } from './rule-scheduler.ts';

const open = (store = memoryRuleStore(), unfinished = 0) =>
  openQueueService({ store, scheduler: ruleScheduler(unfinished) });

describe('queues', () => {
  it('begin with the default one, which cannot be deleted', async () => {
    const service = await open();
    expect(service.queues()).toEqual([newQueue('default')]);
    await expect(service.removeQueue('default')).rejects.toMatchObject({ code: 'QUEUE_REQUIRED' });
  });

  it('are there again for the next server, as they were changed', async () => {
    const store = memoryRuleStore();
    const service = await open(store);
    await service.createQueue({ ...newQueue('train'), priority: 3 });
    await service.changeQueue('default', (queue) => ({ ...queue, state: 'paused' }));
    expect((await open(store)).queues()).toEqual([
      { ...newQueue('default'), state: 'paused' },
      { ...newQueue('train'), priority: 3 },
    ]);
  });

  it('are created once, and changed only where they are', async () => {
    const service = await open();
    const outcomes = await Promise.allSettled([1, 2].map(() => service.createQueue(newQueue('train'))));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    await expect(service.changeQueue('trian', (queue) => queue)).rejects.toMatchObject({ code: 'QUEUE_NOT_FOUND' });
  });

  it('lose nothing where two change them at once', async () => {
    const service = await open();
    await Promise.all([
      service.changeQueue('default', (queue) => ({ ...queue, priority: 7 })),
      service.changeQueue('default', (queue) => ({ ...queue, state: 'paused' })),
    ]);
    expect(service.queue('default')).toMatchObject({ priority: 7, state: 'paused' });
  });

  it('can be changed by a server that has not their engine any more, but for what concerns that', async () => {
    const store = memoryRuleStore();
    await store.putQueue({ ...newQueue('train'), engine: 'hpc', engineOptions: { partition: 'gpu' } });
    const service = await open(store);
    await service.changeQueue('train', (queue) => ({
      ...queue,
      state: 'draining',
      engineOptions: { ...queue.engineOptions },
    }));
    expect(service.queue('train')).toMatchObject({ state: 'draining', engine: 'hpc' });
    for (const change of [{ engine: 'cloud' }, { engineOptions: { partition: 'cpu' } }]) {
      const changed = service.changeQueue('train', (queue) => ({ ...queue, ...change }));
      await expect(changed).rejects.toMatchObject({ code: 'UNKNOWN_ENGINE' });
    }
    await service.changeQueue('train', (queue) => ({ ...queue, engine: null, engineOptions: {} }));
    expect(service.queue('train').engine).toBeNull();
  });

  it('have no options that the engine which they leave their jobs to refuses', async () => {
    const checkOptions = ({ partition }: JsonObject) => (partition === 'gpu' ? null : 'no such partition');
    const hpc = { ...absentEngine('hpc'), checkOptions };
    const scheduler = { ...ruleScheduler(), engine: (name: string) => (name === 'hpc' ? hpc : null) };
    const service = await openQueueService({ store: memoryRuleStore(), scheduler, defaultEngine: 'hpc' });
    const queue = { ...newQueue('train'), engineOptions: { partition: 'cpu' } };
    await expect(service.createQueue(queue)).rejects.toMatchObject({ code: 'INVALID_ENGINE_OPTIONS' });
    await service.createQueue({ ...queue, engineOptions: { partition: 'gpu' } });
    expect(service.queue('train').engineOptions).toEqual({ partition: 'gpu' });
  });

  it('are not deleted under their jobs', async () => {
    const service = await open(memoryRuleStore(), 2);
    await service.createQueue(newQueue('train'));
    await expect(service.removeQueue('train')).rejects.toMatchObject({ code: 'QUEUE_NOT_EMPTY' });
  });
});

describe('the queue of a submit', () => {
  it('is the one it names, or the default of its tenant', async () => {
    const service = await open();
    await service.createQueue(newQueue('train'));
    await service.changeTenant('a', (tenant) => ({ ...tenant, defaultQueue: 'train' }));
    expect(service.queueForSubmit('train', 'b').name).toBe('train');
    expect(service.queueForSubmit(null, 'a').name).toBe('train');
    expect(service.queueForSubmit(null, 'b').name).toBe('default');
  });

  it('is refused with the names there are, or while the queue is drained', async () => {
    const service = await open();
    await service.createQueue({ ...newQueue('train'), state: 'draining' });
    expect(() => service.queueForSubmit('trian', 'a')).toThrow(
      "no queue has the name 'trian'; there are default, train",
    );
    expect(() => service.queueForSubmit('train', 'a')).toThrow("queue 'train' is being drained: it takes no new jobs");
  });

  it('falls back to the default queue where that of the tenant was deleted', async () => {
    const service = await open();
    await service.createQueue(newQueue('train'));
    await service.changeTenant('a', (tenant) => ({ ...tenant, defaultQueue: 'train' }));
    await service.removeQueue('train');
    expect(service.queueForSubmit(null, 'a').name).toBe('default');
    await expect(service.changeTenant('b', (tenant) => ({ ...tenant, defaultQueue: 'train' }))).rejects.toMatchObject({
      code: 'UNKNOWN_QUEUE',
    });
  });

  it('is refused what its limits, or the quota of the tenant, could never give', async () => {
    const service = await open();
    const queue = await service.createQueue({ ...newQueue('train'), limits: { ...NO_LIMITS, gpus: 1 } });
    await service.changeTenant('a', (tenant) => ({ ...tenant, quota: { ...NO_LIMITS, cpus: 2 } }));
    const asking = (request: object) => service.refusalOf({ ...NO_RESOURCES, ...request }, queue, 'a');
    expect(asking({ gpus: 2 })).toEqual({ asked: '2 gpus', available: '1 gpus', where: 'queue train' });
    expect(asking({ cpus: 3 })).toEqual({ asked: '3 cpus', available: '2 cpus', where: 'tenant a' });
    expect(asking({ cpus: 2, gpus: 1 })).toBeNull();
  });
});

describe('tenants', () => {
  it('are as nobody has set anything, until somebody does and after it is forgotten', async () => {
    const service = await open();
    expect(service.tenant('a')).toMatchObject({ weight: 1, defaultQueue: 'default' });
    await service.changeTenant('a', (tenant) => ({ ...tenant, weight: 2 }));
    expect(service.tenants()).toMatchObject([{ name: 'a', weight: 2 }]);
    await service.resetTenant('a');
    expect(service.tenant('a').weight).toBe(1);
  });
});
