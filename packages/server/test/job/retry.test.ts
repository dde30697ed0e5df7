import { describe, expect, it } from 'vitest';
import type { JobEnd } from '../../src/job/end.ts';
import { DEFAULT_RETRY, decideRetry, type RetryPolicy, type RetryRule } from '../../src/job/retry.ts';

const failed = (fields: Partial<JobEnd> = {}): JobEnd => ({
  status: 'FAILED',
  code: 'ENTRYPOINT_FAILED',
  message: '',
  exitCode: 1,
  ...fields,
});
const policy = (fields: Partial<RetryPolicy> = {}): RetryPolicy => ({ ...DEFAULT_RETRY, maxRetries: 10, ...fields });

describe('decideRetry', () => {
  it('doubles the delay up to the longest', () => {
    const delays = [0, 1, 2, 3, 4].map((made) =>
      decideRetry(policy({ initialDelayMs: 1_000, maxDelayMs: 6_000 }), made, failed(), 0),
    );
    expect(delays.map((delay) => delay?.delayMs)).toEqual([1_000, 2_000, 4_000, 6_000, 6_000]);
  });

  it('shortens it at random by the jitter at most', () => {
    const delayMs = (random: number) =>
      decideRetry(policy({ initialDelayMs: 1_000, jitter: 0.5 }), 0, failed(), random)?.delayMs;
    expect([0, 0.5, 1].map(delayMs)).toEqual([1_000, 750, 500]);
  });

  it('makes no more retries than there are, and none of an end that is no failure', () => {
    expect(decideRetry(policy({ maxRetries: 2 }), 1, failed(), 0)).not.toBeNull();
    expect(decideRetry(policy({ maxRetries: 2 }), 2, failed(), 0)).toBeNull();
    for (const status of ['SUCCEEDED', 'STOPPED'] as const)
      expect(decideRetry(policy(), 0, failed({ status }), 0)).toBeNull();
  });

  it.each([
    ['ENTRYPOINT_FAILED', true],
    ['ENVIRONMENT_FAILED', true],
    ['DRIVER_LOST', true],
    ['OUT_OF_MEMORY', true],
    ['TIME_LIMIT', false],
    ['QUEUE_TIME_LIMIT', false],
    ['UNSCHEDULABLE', false],
    ['CANCELLED', false],
  ] as const)('without a rule %s is tried again: %s', (code, isRetried) => {
    expect(decideRetry(policy(), 0, failed({ code }), 0) !== null).toBe(isRetried);
  });

  it.each<[string, RetryRule[], Partial<JobEnd>, boolean]>([
    ['an exit code', [{ exitCodes: [75], retry: false }], { exitCode: 75 }, false],
    ['another exit code', [{ exitCodes: [75], retry: false }], { exitCode: 74 }, true],
    ['a signal', [{ signals: ['SIGKILL', 'SIGTERM'], retry: false }], { exitCode: 143 }, false],
    ['a code', [{ codes: ['TIME_LIMIT'], retry: true }], { code: 'TIME_LIMIT', exitCode: 143 }, true],
    [
      'the first of two',
      [
        { exitCodes: [1], retry: true },
        { codes: ['ENTRYPOINT_FAILED'], retry: false },
      ],
      {},
      true,
    ],
    [
      'the second of two',
      [
        { exitCodes: [2], retry: true },
        { codes: ['ENTRYPOINT_FAILED'], retry: false },
      ],
      {},
      false,
    ],
    ['none without an exit code', [{ exitCodes: [1], retry: false }], { code: 'DRIVER_LOST', exitCode: null }, true],
  ])('goes by the first rule that matches: %s', (_name, rules, end, isRetried) => {
    expect(decideRetry(policy({ rules }), 0, failed(end), 0) !== null).toBe(isRetried);
  });
});
