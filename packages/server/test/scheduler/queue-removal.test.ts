import { expect, it } from 'vitest';
import { newQueue } from '../../src/queue/queue.ts';
import { submission, useScheduler } from './scheduler-fixture.ts';

const fixture = useScheduler();

it('a queue goes or a job gets in, where both are asked for at once', async () => {
  const { queues, service } = fixture;
  for (let round = 0; round < 20; round += 1) {
    const name = `q${round}`;
    await queues.createQueue(newQueue(name));
    const outcomes = await Promise.allSettled([service.submit(submission({ queue: name })), queues.removeQueue(name)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  }
});
