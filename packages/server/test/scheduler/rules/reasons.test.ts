import { describe, expect, it } from 'vitest';
import { NO_LIMITS } from '../../../src/queue/queue.ts';
import { asking, MACHINE, ruleGame } from './rule-game.ts';

describe('the reason why a job waits', () => {
  it('names the resource that lacks, with what there is and what is in use', () => {
    const { book, wait, round } = ruleGame();
    wait(asking(1, { gpus: 2 }), asking(2, { gpus: 2 }));
    round();
    expect(book.reasonToWait('job-2')).toEqual({
      code: 'WAITING_FOR_RESOURCES',
      message: 'needs 2 gpus: 3 in all, 2 in use; 1st in queue default',
      jobsAhead: 0,
      lack: { resource: 'gpus', needed: 2, total: 3, inUse: 2 },
    });
  });

  it('tells that as many drivers run as may', () => {
    const { book, wait, round } = ruleGame({ maxRunning: 1 });
    wait(asking(1), asking(2));
    round();
    expect(book.reasonToWait('job-2')).toMatchObject({
      code: 'TOO_MANY_RUNNING',
      message: '1 driver runs already, and at most 1 may at once (max_running); 1st in queue default',
    });
  });

  it('tells that the queue is paused', () => {
    const { book, wait, queue } = ruleGame();
    queue('train', { state: 'paused' });
    wait(asking(1, {}, { queue: 'train' }));
    expect(book.reasonToWait('job-1')).toMatchObject({
      code: 'QUEUE_PAUSED',
      message: 'queue train is paused; 1st in queue train',
    });
  });

  it('names the limit of a queue and the quota of a tenant', () => {
    const { book, wait, queue, tenant, round } = ruleGame();
    queue('train', { limits: { ...NO_LIMITS, running: 1 } });
    tenant('a', { quota: { ...NO_LIMITS, cpus: 2 } });
    const inTrain = { queue: 'train' };
    wait(asking(1, {}, inTrain), asking(2, {}, inTrain), asking(3, { cpus: 1.5 }, { tenant: 'a' }));
    wait(asking(4, { cpus: 1 }, { tenant: 'a' }));
    round();
    expect(book.reasonToWait('job-2')).toMatchObject({
      code: 'QUEUE_LIMIT',
      message: 'queue train may hold 1 running job, and has 1; 1st in queue train',
    });
    expect(book.reasonToWait('job-4')).toMatchObject({
      code: 'TENANT_QUOTA',
      message: 'needs 1 cpus: tenant a may hold 2, 1.5 in use; 1st in queue default',
      lack: { resource: 'cpus', needed: 1, total: 2, inUse: 1.5 },
    });
  });

  it('tells a job that would fit that others come first', () => {
    const { book, wait, round } = ruleGame();
    wait(asking(1, { cpus: 2 }));
    round();
    wait(asking(2, { cpus: 3 }), asking(3, { cpus: 1 }));
    expect(book.reasonToWait('job-2')).toMatchObject({ code: 'WAITING_FOR_RESOURCES' });
    round();
    expect(book.reasonToWait('job-3')).toMatchObject({ code: 'BEHIND_OTHERS', jobsAhead: 1 });
  });

  it('counts the jobs ahead of its tenant in its queue, the urgent ones first', () => {
    const { book, wait } = ruleGame({ capacity: { ...MACHINE, custom: {} } });
    wait(
      asking(1),
      asking(2),
      asking(3, {}, { priority: 1 }),
      asking(4, {}, { tenant: 'a' }),
      asking(5, {}, { queue: 'b' }),
    );
    expect([1, 2, 3, 4, 5].map((seq) => book.reasonToWait(`job-${seq}`)?.jobsAhead)).toEqual([1, 2, 0, 0, 0]);
  });

  it('writes places as people do', () => {
    const { book, wait } = ruleGame();
    wait(...Array.from({ length: 23 }, (_, index) => asking(index + 1)));
    const place = (seq: number) => /; (\S+) in queue/.exec(book.reasonToWait(`job-${seq}`)?.message ?? '')?.[1];
    expect([1, 2, 3, 4, 11, 12, 13, 21, 22, 23].map(place)).toEqual([
      '1st',
      '2nd',
      '3rd',
      '4th',
      '11th',
      '12th',
      '13th',
      '21st',
      '22nd',
      '23rd',
    ]);
  });

  it('is none for a job that does not wait', () => {
    expect(ruleGame().book.reasonToWait('job-1')).toBeNull();
  });
});
