import { describe, expect, it } from 'vitest';
import { createSlots } from '../../src/timing/slots.ts';

const never = new AbortController().signal;

/** A task that runs until it is told to end. */
function openTask() {
  const end = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  return {
    begun: begun.promise,
    end: end.resolve,
    fail: end.reject,
    run: () => {
      begun.resolve();
      return end.promise;
    },
  };
}

describe('createSlots', () => {
  it('runs so many at once, and the others in the order they came', async () => {
    const slots = createSlots(2);
    const order: string[] = [];
    const [first, second] = [openTask(), openTask()];
    const running = [slots.run(never, first.run), slots.run(never, second.run)];
    const waiting = ['third', 'fourth', 'fifth'].map((name) => slots.run(never, async () => void order.push(name)));
    await Promise.all([first.begun, second.begun]);
    expect(order).toEqual([]);
    second.end();
    await Promise.all(waiting);
    expect(order).toEqual(['third', 'fourth', 'fifth']);
    first.end();
    await Promise.all(running);
  });

  it('gives the place back after a failure', async () => {
    const slots = createSlots(1);
    await expect(slots.run(never, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await slots.run(never, async () => 'ran')).toBe('ran');
  });

  it('lets a waiting one give up, which then never runs and takes no place', async () => {
    const slots = createSlots(1);
    const first = openTask();
    const running = slots.run(never, first.run);
    const abort = new AbortController();
    const reason = new Error('stopped');
    let ran = false;
    const given = slots.run(abort.signal, async () => {
      ran = true;
    });
    const next = slots.run(never, async () => 'ran');
    abort.abort(reason);
    await expect(given).rejects.toBe(reason);
    first.end();
    await running;
    expect(await next).toBe('ran');
    expect(ran).toBe(false);
    await expect(slots.run(abort.signal, async () => 'ran')).rejects.toBe(reason);
  });
});
