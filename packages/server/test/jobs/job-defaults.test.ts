import { expect, it } from 'vitest';
import { withQueueDefaults } from '../../src/jobs/job-defaults.ts';
import { newQueue } from '../../src/queue/queue.ts';
import { submission } from '../scheduler/scheduler-fixture.ts';

it.each([
  [{ initialDelayMs: 1_000 }, 600_000],
  [{ initialDelayMs: 3_600_000 }, 3_600_000],
  [{ initialDelayMs: 3_600_000, maxDelayMs: 1_000 }, 1_000],
])('of a policy with %j the longest delay is %i ms', (asked, expected) => {
  const { retry } = withQueueDefaults(submission({ retry: { maxRetries: 1, ...asked } }), newQueue('q'));
  expect(retry?.maxDelayMs).toBe(expected);
});
