import { describe, expect, it } from 'vitest';
import { makeJob } from '../../../../client/test/fixture/job.ts';
import { makeQueue } from '../../../../client/test/fixture/queue.ts';
import { orderWaiting } from '../../../src/cli/top/waiting-order.ts';

const QUEUES = [makeQueue({ name: 'a' }), makeQueue({ name: 'b', priority: 5 }), makeQueue({ name: 'c' })];

/** A job by its id: its queue, and how many are ahead of it there. */
function waiting(id: string, jobsAhead: number | null = Number(id.slice(1))) {
  const reason = { code: 'BEHIND_OTHERS', message: 'waits', jobs_ahead: jobsAhead, lack: null };
  return makeJob({ id, queue: id.charAt(0), pending_reason: reason });
}

const idsOf = (jobs: readonly { id: string }[]) => jobs.map(({ id }) => id).join(' ');

describe('orderWaiting', () => {
  it('puts queues of higher priority first, and in each what comes next', () => {
    const jobs = ['c1', 'a2', 'a0', 'b0', 'c0', 'b10', 'b9'].map((id) => waiting(id));
    expect(idsOf(orderWaiting(jobs, QUEUES, 99))).toBe('b0 b9 b10 a0 a2 c0 c1');
  });

  it('puts those that wait for no turn yet in front of their queue', () => {
    expect(idsOf(orderWaiting([waiting('a0'), waiting('ax', null)], QUEUES, 9))).toBe('ax a0');
  });

  it('shows of every queue the first where there is no room for all', () => {
    const jobs = [...Array(20).keys()].map((place) => waiting(`b${place}`));
    expect(idsOf(orderWaiting([...jobs, waiting('a0'), waiting('c0'), waiting('c1')], QUEUES, 6))).toBe(
      'b0 b1 b2 a0 c0 c1',
    );
  });

  it('knows what to do with a queue that is not among the known', () => {
    expect(idsOf(orderWaiting([waiting('a0'), waiting('b0')], [], 9))).toBe('a0 b0');
  });
});
