import { z } from 'zod';
import { amountMap, jsonObject, textMap } from './json-maps.ts';
import { priority } from './queue.ts';
import { durationSeconds, maxRetries, retryPolicy, timeLimitSeconds } from './retry-policy.ts';
import { graceSeconds } from './stop-job.ts';

const MAX_ARRAY = 1_000_000;

const jobIds = z.array(z.string().min(1)).max(1_000);

const amount = z.number().min(0);

/** Body of `POST /api/v1/jobs`. The id has a rule, and an error, of its own. */
export const submitJob = z.strictObject({
  id: z.string().optional(),
  entrypoint: z
    .string()
    .min(1, 'expected a command')
    .refine((text) => !text.includes('\0'), 'expected a string without NUL characters'),
  runtime_env: jsonObject.optional(),
  metadata: textMap.optional(),
  resources: z
    .strictObject({
      cpus: amount.optional(),
      gpus: amount.optional(),
      memory_bytes: z.int().min(0).optional(),
      custom: amountMap.optional(),
    })
    .optional(),
  queue: z.string().optional(),
  priority: priority.optional(),
  max_retries: maxRetries.optional(),
  retry_policy: retryPolicy.optional(),
  /** From the driver's start, for each attempt. */
  time_limit_seconds: timeLimitSeconds.optional(),
  /** From the submit to the first start. */
  queue_time_limit_seconds: timeLimitSeconds.optional(),
  /** One submit for many jobs, alike but for `DROVER_ARRAY_INDEX`. */
  array: z
    .strictObject({
      size: z.int().min(1).max(MAX_ARRAY),
      /** How many run at once; absent: as many as there is room for. */
      max_running: z.int().min(1).optional(),
    })
    .optional(),
  /** Ids of jobs that must have started, have ended, have succeeded before this one starts. */
  after: jobIds.optional(),
  after_any: jobIds.optional(),
  after_success: jobIds.optional(),
  ttl_seconds_after_finished: durationSeconds.optional(),
  labels: z.array(z.string().min(1)).max(32).optional(),
  stop_grace_seconds: graceSeconds.optional(),
  /** Checks everything and stores nothing. */
  dry_run: z.boolean().optional(),
});

export type SubmitJobBody = z.infer<typeof submitJob>;
