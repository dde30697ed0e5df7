import type { RetryPolicy, RetryRule } from '../../job/retry.ts';
import type { RetryPolicyBody } from './schemas/retry-policy.ts';
import { inMs } from './seconds.ts';

/** What a submit says of retries; what it does not say is left to the queue. */
export function readRetryPolicy(maxRetries: number | undefined, body: RetryPolicyBody = {}): Partial<RetryPolicy> {
  const { initial_delay_seconds: initial, max_delay_seconds: longest, multiplier, jitter, rules } = body;
  return {
    ...(maxRetries === undefined ? {} : { maxRetries }),
    ...(initial === undefined ? {} : { initialDelayMs: inMs(initial) }),
    ...(longest === undefined ? {} : { maxDelayMs: inMs(longest) }),
    ...(multiplier === undefined ? {} : { multiplier }),
    ...(jitter === undefined ? {} : { jitter }),
    ...(rules === undefined ? {} : { rules: rules.map(readRule) }),
  };
}

/** The policy as it is in force, in the form of a submit. */
export function retryPolicyResource({ initialDelayMs, maxDelayMs, multiplier, jitter, rules }: RetryPolicy) {
  return {
    initial_delay_seconds: initialDelayMs / 1000,
    max_delay_seconds: maxDelayMs / 1000,
    ...{ multiplier, jitter },
    rules: rules.map(({ exitCodes, signals, codes, retry }) => ({
      ...(exitCodes === undefined ? {} : { exit_codes: exitCodes }),
      ...(signals === undefined ? {} : { signals }),
      ...(codes === undefined ? {} : { codes }),
      retry,
    })),
  };
}

function readRule({ exit_codes, signals, codes, retry }: NonNullable<RetryPolicyBody['rules']>[number]): RetryRule {
  return {
    ...(exit_codes === undefined ? {} : { exitCodes: exit_codes }),
    ...(signals === undefined ? {} : { signals }),
    ...(codes === undefined ? {} : { codes }),
    retry,
  };
}
