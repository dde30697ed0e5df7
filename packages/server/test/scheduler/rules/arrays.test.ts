import { describe, expect, it } from 'vitest';
import { asking, ruleGame } from './rule-game.ts';

const array = (size: number, next = 0) => ({ array: { next, size } });
const atMost = (maxRunning: number) => ({ arrayLimit: { arrayId: 'job-1', maxRunning } });

describe('an array', () => {
  it('starts its elements one after another, as many as there is room for, and in its place in the order', () => {
    const { book, wait, end } = ruleGame({ maxRunning: 3 });
    wait(asking(1, {}, array(4)), asking(2));
    expect(book.decide(0).map(({ job }) => job.id)).toEqual(['job-1:0', 'job-1:1', 'job-1:2']);
    expect(book.queueUse('default')).toMatchObject({ waiting: 2, running: 3 });
    book.apply({ type: 'released', jobId: 'job-1:1', atMs: 0 });
    expect(book.decide(0).map(({ job }) => job.id)).toEqual(['job-1:3']);
    expect(book.waitingCount).toBe(1);
    book.apply({ type: 'released', jobId: 'job-1:0', atMs: 0 });
    expect(book.decide(0).map(({ job }) => job.id)).toEqual(['job-2']);
    end(2);
    expect(book.queueUse('default')).toMatchObject({ waiting: 0, running: 2 });
  });

  it('goes on where it was', () => {
    const { book, wait } = ruleGame();
    wait(asking(1, {}, array(4, 2)));
    expect(book.decide(0).map(({ job }) => job.id)).toEqual(['job-1:2', 'job-1:3']);
  });

  it('is held by a limit of its own, and holds up nobody, not even one that asks for the same', () => {
    const { book, wait } = ruleGame();
    wait(asking(1, { cpus: 1 }, { ...array(5), ...atMost(2) }), asking(2, { cpus: 1 }));
    expect(book.decide(0).map(({ job }) => job.id)).toEqual(['job-1:0', 'job-1:1', 'job-2']);
    expect(book.reasonToWait('job-1')).toMatchObject({
      code: 'ARRAY_LIMIT',
      message: 'the array may have 2 running jobs, and has 2; 1st in queue default',
    });
    book.apply({ type: 'released', jobId: 'job-1:0', atMs: 0 });
    expect(book.decide(0).map(({ job }) => job.id)).toEqual(['job-1:2']);
  });

  it('counts an element that was adopted, or waits again, in its limit', () => {
    const { book, wait } = ruleGame();
    const element = (index: number) => ({ ...asking(10 + index, {}, atMost(1)), id: `job-1:${index}` });
    book.apply({ type: 'adopted', job: element(0), gpus: [], atMs: 0, startedAtMs: 0 });
    wait(element(1), asking(1, {}, { ...array(5, 2), ...atMost(1) }));
    expect(book.decide(0)).toEqual([]);
    book.apply({ type: 'released', jobId: 'job-1:0', atMs: 0 });
    expect(book.decide(0).map(({ job }) => job.id)).toEqual(['job-1:2']);
  });

  it('takes turns with others by the shares of their tenants', () => {
    const { book, wait } = ruleGame({ maxRunning: 4 });
    wait(asking(1, {}, { ...array(100), tenant: 'a' }), asking(2, {}, { ...array(100), tenant: 'b' }));
    expect(book.decide(0).map(({ job }) => job.id)).toEqual(['job-1:0', 'job-2:0', 'job-1:1', 'job-2:1']);
  });

  it('leaves no element behind that could start once it has left', () => {
    const { book, wait } = ruleGame({ maxRunning: 1 });
    wait(asking(1, {}, array(10)));
    book.decide(0);
    book.apply({ type: 'left', jobId: 'job-1' });
    book.apply({ type: 'released', jobId: 'job-1:0', atMs: 0 });
    expect(book.decide(0)).toEqual([]);
    expect(book.queueUse('default')).toEqual({ waiting: 0, running: 0, cpus: 0, gpus: 0, memoryBytes: 0 });
  });
});
