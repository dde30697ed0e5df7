import { z } from 'zod';
import { END_CODES } from '../../../errors/end-codes.ts';
import type { EndCode } from '../../../job/end.ts';
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
      .array(z.string().refine((name) => !Number.isNaN(signalNumber(name)), 'expected a name such as SIGKILL'))
      .max(64)
      .optional(),
    codes: z
      .array(z.custom<EndCode>((code) => typeof code === 'string' && isEndCode(code), 'expected an end code'))
      .max(16)
      .optional(),
    retry: z.boolean(),
  })
  .refine(
    ({ exit_codes, signals, codes }) => (exit_codes ?? signals ?? codes) !== undefined,
    'expected exit_codes, signals or codes',
  );

/** When a job is tried again, and for which ends. The first rule that matches decides. */
export const retryPolicy = z.strictObject({
  initial_delay_seconds: durationSeconds.optional(),
  max_delay_seconds: durationSeconds.optional(),
  multiplier: z.number().min(1).max(100).optional(),
  jitter: z.number().min(0).max(1).optional(),
  rules: z.array(retryRule).max(32).optional(),
});

export type RetryPolicyBody = z.infer<typeof retryPolicy>;
