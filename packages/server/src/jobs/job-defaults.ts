import { droverError } from '../errors/drover-error.ts';
import type { JobSpec, TimeLimits } from '../job/job.ts';
import { DEFAULT_RETRY, type RetryPolicy } from '../job/retry.ts';
import type { Queue } from '../queue/queue.ts';
import type { Submission } from './service.ts';

type Defaulted = Pick<JobSpec, 'retry' | 'timeLimits' | 'ttlAfterFinishedMs'>;

/**
 * What of a job its queue decides where the submit does not. Nothing is named that is not in force.
 *
 * @throws `TIME_LIMIT_TOO_LONG`
 */
export function withQueueDefaults(submission: Submission, queue: Queue): Defaulted {
  const retry = retryPolicy(submission.retry ?? {}, queue);
  const timeLimits = limitsOf(submission.timeLimits ?? {}, queue);
  const ttlAfterFinishedMs = submission.ttlAfterFinishedMs ?? queue.defaults.ttlAfterFinishedMs;
  return {
    ...(retry.maxRetries === 0 ? {} : { retry }),
    ...(Object.keys(timeLimits).length === 0 ? {} : { timeLimits }),
    ...(ttlAfterFinishedMs === null ? {} : { ttlAfterFinishedMs }),
  };
}

function retryPolicy(asked: Partial<RetryPolicy>, { defaults }: Queue): RetryPolicy {
  return {
    ...DEFAULT_RETRY,
    // Who asks for a long delay and says nothing of the longest one means it.
    maxDelayMs: Math.max(DEFAULT_RETRY.maxDelayMs, asked.initialDelayMs ?? 0),
    ...asked,
    maxRetries: asked.maxRetries ?? defaults.maxRetries ?? DEFAULT_RETRY.maxRetries,
  };
}

function limitsOf(asked: TimeLimits, queue: Queue): TimeLimits {
  const { defaults } = queue;
  const runMs = runLimit(asked.runMs, queue);
  const queueMs = asked.queueMs ?? defaults.queueLimitMs;
  const setupMs = asked.setupMs ?? defaults.setupLimitMs;
  return {
    ...(runMs === null ? {} : { runMs }),
    ...(queueMs === null ? {} : { queueMs }),
    ...(setupMs === null ? {} : { setupMs }),
  };
}

/** A job that asks for no limit has the queue's default, and never more than its maximum. */
function runLimit(askedMs: number | undefined, { name, defaults, maxRunLimitMs }: Queue): number | null {
  if (askedMs === undefined) return lesser(defaults.runLimitMs, maxRunLimitMs);
  if (maxRunLimitMs === null || askedMs <= maxRunLimitMs) return askedMs;
  throw droverError('TIME_LIMIT_TOO_LONG', { asked: askedMs / 1000, allowed: maxRunLimitMs / 1000, queue: name });
}

function lesser(one: number | null, other: number | null): number | null {
  if (one === null || other === null) return one ?? other;
  return Math.min(one, other);
}
