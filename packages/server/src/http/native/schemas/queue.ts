import { z } from 'zod';
import { durationSeconds, maxRetries, timeLimitSeconds } from './retry-policy.ts';

const MAX_PRIORITY = 1_000;

/** Of a job or a queue: higher ones come first. */
export const priority = z.int().min(-MAX_PRIORITY).max(MAX_PRIORITY);

export const queueName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,62}$/,
    'expected 1 to 63 of a-z, 0-9, dots, _ and -, beginning with a letter or digit',
  );

const amount = z.number().min(0).nullable().optional();

/** What running jobs may hold together; null: no limit, absent: as it was. */
export const holdingLimits = z.strictObject({
  running: z.int().min(0).nullable().optional(),
  cpus: amount,
  gpus: amount,
  memory_bytes: z.int().min(0).nullable().optional(),
});

/** What jobs of the queue get that do not say it themselves; null: nothing, absent: as it was. */
const jobDefaults = z.strictObject({
  max_retries: maxRetries.nullable().optional(),
  time_limit_seconds: timeLimitSeconds.nullable().optional(),
  queue_time_limit_seconds: timeLimitSeconds.nullable().optional(),
  setup_time_limit_seconds: timeLimitSeconds.nullable().optional(),
  ttl_seconds_after_finished: durationSeconds.nullable().optional(),
});

const rules = {
  priority: priority.optional(),
  limits: holdingLimits.optional(),
  defaults: jobDefaults.optional(),
  max_time_limit_seconds: timeLimitSeconds.nullable().optional(),
};

/** Body of `POST /api/v1/queues`. */
export const createQueue = z.strictObject({ name: queueName, ...rules });

/** Body of `PATCH /api/v1/queues/{name}`: what is absent stays as it was. */
export const changeQueue = z.strictObject(rules);

export type QueueRules = z.infer<typeof changeQueue>;
export type JobDefaultsBody = z.infer<typeof jobDefaults>;
export type HoldingLimitsBody = z.infer<typeof holdingLimits>;
