import { constants } from 'node:os';
import { z } from 'zod';
import { END_CODES } from '../../../errors/end-codes.ts';
import { type EndCode, JOB_END_CODES } from '../../../job/end.ts';
import { signalNumber } from '../../../job/retry.ts';

const MAX_RETRIES = 1_000;

/** A month: nobody looks that far ahead. */
export const MAX_SECONDS = 31 * 86_400;

/** Fractions are allowed. */
export const durationSeconds = z.number().min(0).max(MAX_SECONDS);

/** A limit of no time at all would be none that anything can meet. */
export const timeLimitSeconds = durationSeconds.min(0.001);

export const maxRetries = z.int().min(0).max(MAX_RETRIES);

const isEndCode = (text: string): text is EndCode => text in END_CODES && text !== 'NONE';

const retryRule = z
  .strictObject({
    exit_codes: z.array(z.int().min(0).max(255)).max(256).optional(),
    signals: z
      .array(
        z
          .string()
          .refine((name) => !Number.isNaN(signalNumber(name)), 'expected a name such as SIGKILL')
          .meta({ enum: Object.keys(constants.signals) }),
      )
      .max(64)
      .optional(),
    codes: z
      .array(
        z
          .custom<EndCode>((code) => typeof code === 'string' && isEndCode(code), 'expected an end code')
          .meta({ type: 'string', enum: JOB_END_CODES.filter((code) => code !== 'NONE') }),
      )
      .max(16)
      .optional(),
    retry: z.boolean().describe('Whether such an end is tried again.'),
  })
  .refine(
    ({ exit_codes, signals, codes }) => (exit_codes ?? signals ?? codes) !== undefined,
    'expected exit_codes, signals or codes',
  )
  .meta({
    id: 'RetryRule',
    minProperties: 2,
    description: 'Ends that match any of what it names. Something must be named.',
  });

const delays = {
  initial_delay_seconds: durationSeconds.describe('Before the first retry.'),
  max_delay_seconds: durationSeconds,
  multiplier: z.number().min(1).max(100).describe('Of the delay, for each retry that follows.'),
  jitter: z
    .number()
    .min(0)
    .max(1)
    .describe(
      'By what fraction of itself, at random, a delay is made shorter: jobs that failed together come back apart.',
    ),
  rules: z.array(retryRule).max(32).describe('The first that matches decides.'),
};

/** When a job is tried again, and for which ends. */
export const retryPolicy = z.strictObject(delays).partial().meta({
  id: 'RetryPolicyRequest',
  description:
    'When a failed job is tried again. What is absent: 5 s, 10 min, a multiplier of 2, a jitter of 0.2, no rules.',
});

export type RetryPolicyBody = z.infer<typeof retryPolicy>;

/** The same in an answer: whole. */
export const retryPolicyInForce = z
  .strictObject(delays)
  .meta({ id: 'RetryPolicy', description: 'When a failed job is tried again.' });
